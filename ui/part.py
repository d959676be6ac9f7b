"""What the page and the history must know of a tab. A further tab is a file that returns one, and a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.history import History, Run
from pipelines.studio import Studio
from ui.previews import Previews
from ui.stops import Stops
from ui.upload import Upload


@dataclass(frozen=True)
class Room:
    """What a tab is built in: the studio, the Blocks, where previews and uploads lie, the language, and by each
    tab's name what the browser remembers of it."""

    studio: Studio
    blocks: Any
    previews: Previews
    stops: Stops
    uploads: Path
    lang: str
    memories: Mapping[str, Any] = field(default_factory=dict)

    @property
    def history(self) -> History:
        return self.studio.history


@dataclass(frozen=True)
class Part:
    """A built tab.

    `task` is the runs' task, "" for a tab that makes none. `reopen` gives the values of `outputs` that show
    a run in this tab; `go` is the id of its primary button, `other_go` those of another one and of its fold that
    make runs with such a main result; `photo` is where a picture goes in, as `give` makes it of a file, and
    `begins` says whether the work begins with it; `film` is where a film goes in, in the fold of the id
    `film_fold`. After each of the `finished` events there is a new run. `refresh` gives the values of `outputs`
    when the tab is turned to.
    """

    task: str
    outputs: Sequence[Any] = ()
    reopen: Callable[[Run], Sequence[Any]] | None = None
    refresh: Callable[[], Sequence[Any]] | None = None
    go: str = ""
    other_go: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    photo: Any = None
    give: Callable[[Upload], Any] = lambda upload: str(upload.path)
    begins: bool = True
    film: Any = None
    film_fold: str = ""
    finished: list[Any] = field(default_factory=list)
