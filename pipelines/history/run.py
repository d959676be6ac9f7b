"""A run: one finished piece of work, as run.json in its folder says it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

RUN_FILE = "run.json"
SCHEMA = 1
KINDS: dict[str, type] = {
    "id": str,
    "task": str,
    "settings": dict,
    "model": dict,
    "device": str,
    "timings": dict,
    "thumbnail": str,
    "size": int,
}
RUN_ID = re.compile(r"outputs_\d{14}(?:-[1-9]\d{0,5})?", re.ASCII)


@dataclass(frozen=True)
class RunInput:
    """One picture or film that went in. `file` is its name in the run's folder, "" when it is not kept."""

    name: str
    sha256: str
    width: int
    height: int
    file: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", make_writable(self.name))


@dataclass(frozen=True)
class Run:
    """`created` is ISO 8601 with offset, `timings` are seconds, `size` bytes on disk. `results` are names in
    the run's folder, the main one first; so is `thumbnail`, "" for none."""

    id: str
    task: str
    created: str
    inputs: tuple[RunInput, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)
    device: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    results: tuple[str, ...] = ()
    thumbnail: str = ""
    notes: tuple[str, ...] = ()
    size: int = 0

    @property
    def words(self) -> str:
        """What a search looks through: names, task, model and settings, in lower case."""
        settings = (f"{name}={value}" for name, value in self.settings.items())
        names = (given.name for given in self.inputs)
        return " ".join((self.id, self.task, *names, *map(str, self.model.values()), *settings)).casefold()


def make_writable(name: str) -> str:
    """A name with "\N{REPLACEMENT CHARACTER}" for what no file can hold as text: Python's stand-ins for bytes
    that are no UTF-8, and the halves of a character that JSON may hold."""
    return name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def write_json(run: Run) -> str:
    """The text of run.json."""
    return json.dumps({"schema": SCHEMA, **asdict(run)}, ensure_ascii=False, indent=1)


def read_json(text: str | bytes) -> Run:
    """Read what `write_json` wrote, leaving out what later versions add. Raises ValueError for others."""
    try:
        given = json.loads(text)
        known = _pick(Run, given)
        known["inputs"] = tuple(RunInput(**_pick(RunInput, each)) for each in given["inputs"])
        for name in ("results", "notes"):
            known[name] = tuple(str(each) for each in given[name])
        run = Run(**known)
        datetime.fromisoformat(run.created)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a run: {error!r}") from error
    wrong = [name for name, kind in KINDS.items() if not isinstance(getattr(run, name), kind)]
    if wrong:
        raise ValueError(f"not a run: {wrong[0]} has another type")
    return run


def _pick(kind: type, given: dict[str, Any]) -> dict[str, Any]:
    return {item.name: given[item.name] for item in fields(kind) if item.name in given}


def read_run(folder: Path) -> Run:
    """Read a run's folder. Raises OSError or ValueError when it holds no whole run."""
    run = read_json((folder / RUN_FILE).read_bytes())
    if run.id != folder.name:
        raise ValueError(f"{folder.name} holds the run {run.id}")
    return run
