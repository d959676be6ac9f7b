"""What is told of a snapshot or a recording: which nets drew it, and its AI label where one did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pipelines.credits import Net, describe_nets, name_nets
from pipelines.labels import Label, ai_label
from pipelines.version import VERSION
from pipelines.webcam.look_rows import BUILTIN
from pipelines.webcam.names import OTHER_NAMES
from pipelines.webcam.options import LiveOptions

TASK = "webcam"
GROUPS: Mapping[str, str] = {row.id: row.group for row in BUILTIN}
LABELS: Mapping[str, str] = {"none": "", "matting": "matting", "cartoon": "cartoon"}
"""The label's task by the look's group; any other is a painting. A picture left as it is has none."""
STRONGEST = ("style", "cartoon", "matting", "")
UNTOUCHED = {"id": "none", "title": "Camera", "version": VERSION, "licence": "", "source": "builtin"}


class Credited(Protocol):
    """A drawer that says who draws."""

    @property
    def nets(self) -> Sequence[Net]: ...

    @property
    def device(self) -> str: ...


class Credit:
    """Who drew so far: each look and each net once, however often a slider moves; lets go of the drawers."""

    def __init__(self, device: str) -> None:
        """`device`: where it runs unless a drawer says otherwise."""
        self.device = device
        self._nets: dict[str, Net] = {}
        self._tasks: dict[str, set[str]] = {}

    def add(self, options: LiveOptions, drawer: Credited | None) -> None:
        """From now on this is drawn, by that drawer."""
        style = " + ".join(options.shares)
        self._tasks.setdefault(style, set()).update(list_label_tasks(options))
        if drawer is not None:
            self._nets.update({net.spec.id: net for net in drawer.nets})
            self.device = drawer.device

    @property
    def styles(self) -> list[str]:
        """The looks, in the order in which they came."""
        return list(self._tasks)

    @property
    def label_task(self) -> str:
        """The label's task, the strongest of all; "" where the camera was left as it is."""
        tasks = set().union(*self._tasks.values())
        return next(task for task in STRONGEST if task in tasks or not task)

    @property
    def system(self) -> str:
        """What the label calls who drew: the nets' ids, else the looks'."""
        return name_nets(list(self._nets.values())) or ", ".join(self._tasks)

    @property
    def model(self) -> dict[str, Any]:
        """What run.json says of who drew; the camera alone where no net did."""
        return describe_nets(list(self._nets.values())) if self._nets else dict(UNTOUCHED)


def list_label_tasks(options: LiveOptions) -> set[str]:
    """The label's task of each look in use, "" among them for one that redraws nothing."""
    groups = (GROUPS.get(OTHER_NAMES.get(name, name), "own") for name in options.shares)
    return {LABELS.get(group, "style") if options.strength else "" for group in groups}


def make_label(task: str, run_id: str, system: str) -> Label | None:
    """The AI label of a result by `system`; None for a picture that nothing redrew."""
    return ai_label(task, run_id=run_id, model=system) if task else None
