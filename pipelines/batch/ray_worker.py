"""What a Ray worker does on its node: hold the nets, do a picture, put the result in its place."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2

from pipelines.batch.bench import arriving
from pipelines.batch.engine import STOPS, UNEXPECTED
from pipelines.batch.one_picture import Made, Recipe, do_picture
from pipelines.device import find_device
from pipelines.errors import InkframeError, ModelDamaged, OutputsUnwritable
from pipelines.matting.find import models_of
from pipelines.settings import Settings
from weights.catalogue import Catalogue
from weights.store import ModelStore

log = logging.getLogger(__name__)

MARK = "mark"
"""A file of the driver's in the scratch folder: who sees it shares the folder."""


@dataclass(frozen=True)
class Task:
    """A picture that travels to a worker."""

    number: int
    path: str
    output: str
    data: bytes


@dataclass(frozen=True)
class Written:
    """A result that is in its place: `made` without its data, and that data's sha256."""

    made: Made
    sha256: str


@dataclass(frozen=True)
class Refused:
    """Why a picture can't be done."""

    reason: str


@dataclass(frozen=True)
class Plan:
    """What a worker must know before the first picture. `nets` are the models' versions that it has to have."""

    recipe: Recipe
    settings: Settings
    nets: str
    results: Path
    scratch: Path
    cpus: int


def build_worker(plan: Plan) -> Callable[[Task], Written | Refused]:
    """Runs on the node: load the nets once, and give the function that does a picture.

    Raises OutputsUnwritable when the node does not share the results' folder, ModelDamaged when its models
    are others than the driver's, and what loading them raises.
    """
    if not (plan.scratch / MARK).exists():
        raise OutputsUnwritable(
            f"A node does not see {plan.results}.",
            "All nodes must share the folder of the results under the same path.",
        )
    cv2.setNumThreads(plan.cpus)
    settings = plan.settings
    store = ModelStore(
        Catalogue(),
        settings.weights,
        find_device(settings.device, tensorrt=settings.tensorrt),
        memory_bytes=settings.model_memory_mb << 20,
        offline=settings.offline,
        threads=plan.cpus,
    )
    check_nets(store, plan)
    return partial(do_task, plan, store)


def check_nets(store: ModelStore, plan: Plan) -> None:
    """Load the recipe's models and see that they are the driver's."""
    wanted = dict(each.split("=") for each in plan.nets.split()[1:])
    for model_id in models_of(plan.recipe.options.model):
        if wanted[model_id] != "?":
            with store.use(model_id) as loaded:
                found = loaded.version
            if found != wanted[model_id]:
                raise ModelDamaged(
                    f"A node has version {found} of {model_id}, not {wanted[model_id]}.",
                    "Install the same version of Inkframe and of its models on every node.",
                )


def do_task(plan: Plan, store: ModelStore, task: Task) -> Written | Refused:
    """Do one picture on the node and put its result in its place. Raises STOPS."""
    try:
        made = do_picture(task.data, task.path, plan.recipe, store)
        with arriving(plan.scratch, plan.results / task.output) as partial_file:
            partial_file.write_bytes(made.data)
    except STOPS:
        raise
    except InkframeError as error:
        return Refused(str(error))
    except MemoryError:
        return Refused("There is not enough memory for this picture. Scale it down.")
    except Exception:  # one bad file is one row, whatever it does to the code
        log.exception("%s failed", task.path)
        return Refused(UNEXPECTED)
    return Written(replace(made, data=b""), hashlib.sha256(made.data).hexdigest())
