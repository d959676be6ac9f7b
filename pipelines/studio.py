"""What every way in - page, REST, command line - is handed: the parts of a running Inkframe."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipelines.batch.known import Known
from pipelines.batch.lanes import Lanes, count_lanes, count_together
from pipelines.device import Device, find_device
from pipelines.errors import InkframeError, InvalidOption
from pipelines.gate import Gate
from pipelines.history import History
from pipelines.image import Picture, open_image
from pipelines.jobs.desk import Ending, JobDesk, Kind, Work
from pipelines.settings import Settings
from pipelines.tickets import Tickets
from weights.catalogue import Catalogue
from weights.conversion.ahead import Conversions
from weights.hub.downloads import Downloads
from weights.store import ModelStore

JOBS, KNOWN = ".jobs", "known.sqlite3"


@dataclass(frozen=True)
class Studio:
    """The settings and the stores that were made from them."""

    settings: Settings
    device: Device
    catalogue: Catalogue
    downloads: Downloads
    store: ModelStore
    history: History
    gate: Gate
    lanes: Lanes
    known: Known
    jobs: JobDesk
    tickets: Tickets
    conversions: Conversions

    def start_jobs(self, only: str = "") -> None:
        """Begin with what is queued, and go on with what was running when the last process ended; with `only`, with
        the job of that id alone."""
        with suppress(InkframeError):  # a full disk: what is remembered too much does no harm
            self.known.forget_lost()
        self.jobs.start(only)

    def open(self, source: bytes | Path, name: str = "") -> Picture:
        """Read a picture within the limits of the settings. Raises what `open_image` raises."""
        limits = self.settings
        return open_image(source, name=name, max_pixels=limits.max_pixels, max_bytes=limits.max_upload_bytes)

    def check_converted(self, model_id: str) -> None:
        """Begin the conversion that a model needs before its first use, so that nobody waits for it at the gate.

        Raises what `Conversions.demand` raises; an id that nobody knows is refused where the model is used.
        """
        if model_id in self.catalogue:
            self.conversions.demand(self.catalogue[model_id])

    def delete_model(self, model_id: str) -> int:
        """Remove a downloaded model from memory and disk; returns the bytes that this freed.

        Raises ModelUnknown, InvalidOption for a model that comes with the app.
        """
        if self.catalogue[model_id].source != "modelscope":
            raise InvalidOption(f"{model_id} comes with Inkframe.", "Only downloaded models can be deleted.")
        try:
            return self.downloads.delete(model_id)
        finally:
            self.lanes.evict(model_id)  # afterwards: until then somebody may still load it

    def close(self) -> None:
        """Stop downloads and jobs and let go of the models. Unfinished jobs go on with the next start."""
        self.downloads.close()
        if self.jobs.close():
            self.known.close()
        self.lanes.evict()
        self.store.evict()
        self.history.close()


def open_studio(
    settings: Settings, *, device: Device | None = None, build_store: Callable[..., ModelStore] = ModelStore
) -> Studio:
    """Make the parts. Raises DeviceUnavailable when the settings ask for a device that is not there."""
    device = device or find_device(settings.device, tensorrt=settings.tensorrt)
    catalogue = Catalogue()
    downloads = Downloads(catalogue, settings.weights, settings.modelscope_endpoint, settings.offline)
    store = build_store(
        catalogue,
        settings.weights,
        device,
        memory_bytes=settings.model_memory_mb << 20,
        offline=settings.offline,
        stamps=downloads.stamps,
    )
    history, known = History(settings.outputs), Known(settings.outputs / JOBS / KNOWN, settings.outputs)
    history.when_deleted(known.forget)
    kinds: dict[str, Kind] = {}
    jobs = JobDesk(settings.outputs / JOBS, kinds, settings.jobs, settings.job_queue)
    studio = Studio(
        settings=settings,
        device=device,
        catalogue=catalogue,
        downloads=downloads,
        store=store,
        history=history,
        gate=Gate(settings.workers, settings.queue),
        lanes=Lanes(store, count_lanes(), count_together(device.memory)),
        known=known,
        jobs=jobs,
        tickets=Tickets(),
        conversions=Conversions(settings.weights, downloads.stamps, settings.offline),
    )
    kinds["batch"] = partial(_do_batch, studio)
    kinds["cartoon-film"] = partial(_do_cartoon_film, studio)
    kinds["video"] = partial(_do_video, studio)
    kinds["diffusion"] = partial(_do_diffusion, studio)
    kinds["slow-film"] = partial(_do_slow_film, studio)
    kinds["my-style"] = partial(_do_my_style, studio)
    return studio


def _do_batch(studio: Studio, work: Work) -> Ending:
    from pipelines.batch.batch_job import do_batch

    return do_batch(studio, work)


def _do_cartoon_film(studio: Studio, work: Work) -> Ending:
    from pipelines.cartoon.film_job import do_film

    return do_film(studio, work)


def _do_video(studio: Studio, work: Work) -> Ending:
    from pipelines.image_to_video.film_job import do_film

    return do_film(studio, work)


def _do_diffusion(studio: Studio, work: Work) -> Ending:
    from pipelines.image_to_video.diffusion_job import do_shot

    return do_shot(studio, work)


def _do_my_style(studio: Studio, work: Work) -> Ending:
    from pipelines.webcam.my_style_job import do_my_style

    return do_my_style(studio, work)


def _do_slow_film(studio: Studio, work: Work) -> Ending:
    from pipelines.image_to_video.slow_job import do_slow

    return do_slow(studio, work)
