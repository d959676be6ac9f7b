"""The same abilities from a shell: start, matting, cartoon, video, style, models, bench; `./run.sh NAME` leads here."""

from __future__ import annotations

import os
import signal
import sys

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # in the half second of imports Ctrl-C has nothing to tell

from collections.abc import Callable
from contextlib import closing
from dataclasses import Field
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

import typer

from pipelines.batch.options import BatchOptions
from pipelines.cartoon.options import CartoonOptions
from pipelines.errors import InkframeError, InvalidOption
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.settings import ROOT, Settings
from pipelines.signature import take_fields
from pipelines.webcam.my_style_options import MyStyleOptions

if TYPE_CHECKING:
    from pipelines.studio import Studio

cli = typer.Typer(
    help="Inkframe, a local studio for pictures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
models = typer.Typer(
    help="See, fetch, convert and remove models.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(models, name="models")

OUT_HELP = "A file (.png, .webp, .jpg); for many a folder or a .zip."
FILM_HELP = "Pictures, or folders of them, and last the film (.mp4, .webm, .gif, .zip for PNG pictures)."
Engine = Annotated[
    str,
    typer.Option(
        metavar="local|ray", help="This machine, or a Ray cluster. Default: local.", show_default=False
    ),
]
Address = Annotated[str, typer.Option(help="Ray: the cluster's host:port. Default: one on this machine.")]
GpuShare = Annotated[
    float, typer.Option(help="Ray: how much of a GPU a worker takes, 0 to 1. Default: 0.", show_default=False)
]
Cpus = Annotated[int, typer.Option(help="Ray: cores that a worker takes. Default: 1.", show_default=False)]
Ids = Annotated[list[str], typer.Argument(help="Model ids, or: default, all.")]


def flags_of(noun: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command one flag for each field of `noun`."""

    def annotate(item: Field[Any]) -> Any:
        switch = isinstance(item.default, bool)
        choices = item.metadata.get("choices") or get_args(get_type_hints(noun)[item.name])
        shown = f"{item.metadata['help']} Default: {item.default if item.default != '' else 'none'}."
        metavar = "|".join(filter(None, choices)) if choices else None
        return Annotated[bool | None if switch else str | None, typer.Option(help=shown, metavar=metavar)]

    return lambda command: take_fields(command, noun, annotate)


@cli.command()
@flags_of(Settings)
def start(**flags: Any) -> None:
    """Start the page and the REST routes."""
    from cli_start import start_page

    start_page(Settings.read(**flags), chosen=bool(flags["port"] or os.environ.get("INKFRAME_PORT")))


@cli.command()
@flags_of(BatchOptions)
def matting(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A picture, a folder or a zip.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help=OUT_HELP)],
    background_image: Annotated[
        Path | None, typer.Option(help="The picture that the background becomes.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with whatever appears in the folder IN.")
    ] = False,
    engine: Engine = "local",
    address: Address = "",
    gpu_share: GpuShare = 0.0,
    cpus: Cpus = 1,
    **flags: Any,
) -> None:
    """Cut the subject out of a picture, or of all in a folder or zip. The same command goes on where it stopped."""
    import cli_matting
    from cli_files import check_spared, name_of

    given = {name: value for name, value in flags.items() if value is not None}
    if background_image:
        given.setdefault("background", "picture")
    where = cli_matting.Where(engine, address, gpu_share, cpus)
    many = cli_matting.is_batch(source)
    if not many and (watch or where != cli_matting.Where()):
        raise InvalidOption(f"{source} is no folder.", "--watch and --engine are for folders.")
    check_spared([each for each in (None if many else source, background_image) if each], target)
    with closing(open_the_studio()) as studio:
        behind = studio.open(background_image, name_of(background_image)) if background_image else None
        if watch:
            cli_matting.watch(studio, source, target, given, behind, where)
        elif many:
            cli_matting.cut_out_many(studio, source, target, given, behind, where)
        else:
            cli_matting.cut_out_one(studio, source, target, given, behind)


@cli.command()
@flags_of(CartoonOptions)
def cartoon(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A picture.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="A file (.png, .webp, .jpg).")],
    sheet: Annotated[bool, typer.Option("--sheet", help="All styles side by side, as one .png.")] = False,
    **flags: Any,
) -> None:
    """Redraw a picture in a cartoon's style, each face by a net that knows faces."""
    import cli_cartoon

    given = {name: value for name, value in flags.items() if value is not None}
    with closing(open_the_studio()) as studio:
        draw = cli_cartoon.draw_all_styles if sheet else cli_cartoon.cartoonize_one
        draw(studio, source, target, given)


@cli.command()
@flags_of(VideoOptions)
def video(
    paths: Annotated[list[Path], typer.Argument(metavar="IN... OUT", help=FILM_HELP)],
    music: Annotated[Path | None, typer.Option(help="A sound file; cut to the film's length.")] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="Only say what the film would take.")] = False,
    **flags: Any,
) -> None:
    """Make a film of one picture or many: each a moving shot, one becoming the next."""
    import cli_video

    if len(paths) < 2:
        raise InvalidOption(
            "A film needs pictures and a place.", "Write: video IN... OUT, as in video a.jpg a.mp4."
        )
    given = {name: value for name, value in flags.items() if value is not None}
    with closing(open_the_studio()) as studio:
        do = cli_video.tell_estimate if estimate else cli_video.film_pictures
        do(studio, paths, music, given)


@cli.command()
@flags_of(DiffusionOptions)
def diffusion(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A picture.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The film (.mp4, .webm, .gif, .zip).")],
    **flags: Any,
) -> None:
    """Let a diffusion model film a picture, as a prompt says. Needs a GPU."""
    import cli_diffusion

    given = {name: value for name, value in flags.items() if value is not None}
    with closing(open_the_studio()) as studio:
        cli_diffusion.film_picture(studio, source, target, given)


@cli.command()
@flags_of(MyStyleOptions)
def style(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The picture whose hand is learnt.")],
    photos: Annotated[Path | None, typer.Option(help="A folder of photos to practise on.")] = None,
    **flags: Any,
) -> None:
    """Train a style for the live camera from a picture. It is listed there at once, and goes on after a stop."""
    import cli_style

    given = {name: value for name, value in flags.items() if value is not None}
    with closing(open_the_studio()) as studio:
        cli_style.train_one(studio, source, photos, given)


@models.command("list")
def list_models() -> None:
    """Every model: state, size, licence."""
    from weights.hub.progress import describe

    studio = open_the_studio()
    for state in studio.downloads.states():
        typer.echo(f"{describe(state):<48}  {studio.catalogue[state.id].licence}")


@models.command()
def download(
    ids: Ids,
    accept_licence: Annotated[
        bool, typer.Option(help="Say yes to the licences of non-commercial models.")
    ] = False,
) -> None:
    """Fetch models from ModelScope and wait for them; goes on where an earlier try stopped."""
    with closing(open_the_studio()) as studio:
        wanted = expand(ids, studio)
        begun = [model_id for model_id in wanted if begin(studio, model_id, accept_licence)]
        failed = follow(studio, begun)
    if failed or len(begun) < len(wanted):
        raise typer.Exit(1)


@models.command()
def convert(
    ids: Annotated[list[str] | None, typer.Argument(help="CV-UNet model ids; all that are there.")] = None,
) -> None:
    """Turn downloaded CV-UNet graphs into ONNX files; done once, in a virtual environment of its own."""
    from weights.conversion.convert import convert as convert_graph
    from weights.files import locate

    studio = open_the_studio()
    convertible = [spec.id for spec in studio.catalogue if spec.loader == "cv-unet"]
    ready = [each for each in convertible if studio.downloads.state(each).usable]
    for model_id in ids or ready or convertible:
        if model_id not in convertible:
            raise InvalidOption(
                f"{model_id} needs no conversion.", f"Those that do: {', '.join(convertible)}."
            )
        files = locate(studio.catalogue[model_id], studio.settings.weights)
        path = convert_graph(
            files[0], studio.settings.weights, progress=typer.echo, offline=studio.settings.offline
        )
        typer.echo(f"{model_id}  {path}")


@models.command()
def delete(ids: Ids) -> None:
    """Remove downloaded models."""
    studio = open_the_studio()
    for model_id in expand(ids, studio):
        if studio.catalogue[model_id].source == "modelscope":
            typer.echo(f"{model_id}  {studio.delete_model(model_id) / 1e6:.0f} MB freed")


@cli.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False
)
def bench(context: typer.Context) -> None:
    """Run a benchmark: the same as `python -m benchmarks NAME`."""
    os.environ["PYTHONPATH"] = str(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *context.args])


def open_the_studio() -> Studio:
    """The studio of this shell's settings."""
    from pipelines.studio import open_studio

    return open_studio(Settings.read())


def expand(ids: list[str], studio: Studio) -> list[str]:
    """Model ids with `default` and `all` spelled out; raises ModelUnknown before anything is begun."""
    wanted: list[str] = []
    for each in ids:
        if each in ("default", "all"):
            wanted += [spec.id for spec in studio.catalogue.default_set(each, studio.device.kind)]
        else:
            wanted.append(studio.catalogue[each].id)
    return list(dict.fromkeys(wanted))


def begin(studio: Studio, model_id: str, accept_licence: bool) -> bool:
    """Start a download; False, and one line that says why, for a model that has no room or wants a yes."""
    from weights.errors import DiskFull, LicenceNotAccepted

    try:
        studio.downloads.start(model_id, accept_licence)
    except (DiskFull, LicenceNotAccepted) as error:
        typer.echo(f"Error: {error}", err=True)
        return False
    return True


def follow(studio: Studio, ids: list[str]) -> bool:
    """Print progress until all have ended; True when one failed."""
    from weights.hub.progress import describe

    lines: dict[str, str] = {}
    failed = False
    for states in studio.downloads.follow(ids, interval=1.0):
        failed = any(state.status == "failed" for state in states)
        for state in states:
            line = describe(state)
            if lines.get(state.id) != line:
                lines[state.id] = line
                typer.echo(line)
    return failed


def main(arguments: list[str] | None = None) -> None:
    """Run a command; an error that a person can act on is one line, not a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):  # so that any file's name can be printed, as on stderr
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        cli(arguments)
    except InkframeError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
