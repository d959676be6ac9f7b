"""The hunt: cases made by Hypothesis until the time is over, each under a time limit, failures made small."""

from __future__ import annotations

import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

MOST_FAILURES = 20
ROUND = 200
"""Cases between two looks at the clock's end; each round has a seed of its own."""
Case = Callable[[Any], None]


class Hang(Exception):
    """A case took longer than its limit."""


@dataclass(frozen=True)
class Target:
    """Something to hunt in. `prepare(folder)` gives what one case is made of, and what it is handed to; the latter
    raises for a finding. `limit`: seconds a case; `megabytes`: most memory of the process."""

    name: str
    what: str
    prepare: Callable[[Path], tuple[st.SearchStrategy[Any], Case]]
    limit: float = 5.0
    megabytes: int = 1500


@dataclass
class Bag:
    """What a hunt brought home."""

    cases: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    megabytes: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    """By kind of error and place: the smallest case, with its trace."""


def hunt(target: Target, folder: Path, seconds: float, first_seed: int) -> Bag:
    """Make cases for so many seconds. What was found once is not hunted again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # readers of damaged files warn of the damage
        return _hunt(target, folder, seconds, first_seed)


def _hunt(target: Target, folder: Path, seconds: float, first_seed: int) -> Bag:
    bag, start, number = Bag(), time.monotonic(), first_seed
    inputs, case = target.prepare(folder)
    last = (folder / f"{target.name}.last").open("wb", buffering=0)
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(bag.failures) < MOST_FAILURES:
        try:
            make_round(inputs, number, lambda given: try_one(target, case, given, bag, last, end))()
        except HypothesisException as error:
            bag.failures.setdefault(name_failure(error), "".join(traceback.format_exception(error)))
        except Exception as error:  # the finding, by its smallest case
            bag.failures.setdefault(name_failure(error), "".join(traceback.format_exception(error)))
        number += 1
    last.close()
    bag.seconds, bag.megabytes = time.monotonic() - start, peak_megabytes()
    if bag.megabytes > target.megabytes:
        bag.failures["memory"] = f"{bag.megabytes} MB at the most; {target.megabytes} are the limit"
    return bag


def make_round(inputs: st.SearchStrategy[Any], number: int, trial: Case) -> Callable[[], None]:
    """A round of cases as Hypothesis runs it; it raises what the smallest failing case raises."""
    rules = settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )

    @seed(number)
    @rules
    @given(inputs)
    def run(given: Any) -> None:
        trial(given)

    return run


def try_one(target: Target, case: Case, given: Any, bag: Bag, last: BinaryIO, end: float) -> None:
    """One case; it lies in a file while it runs, for the one that ends the process."""
    if time.monotonic() > end + target.limit:
        return
    last.seek(0)
    last.write(repr(given)[:200_000].encode(errors="backslashreplace"))
    last.truncate()
    start = time.monotonic()
    try:
        with time_limit(target.limit):
            case(given)
    except Exception as error:
        if name_failure(error) not in bag.failures:
            raise
    finally:
        bag.cases += 1
        bag.slowest = max(bag.slowest, time.monotonic() - start)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise Hang in the block when it takes longer; only what never comes back to Python is left to the parent."""

    def ring(_: int, __: FrameType | None) -> None:
        raise Hang(f"a case took over {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def name_failure(error: BaseException) -> str:
    """Kind and place, the same for all cases that find the same."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        each for each in frames if "/site-packages/" not in each.filename and "/fuzz/" not in each.filename
    ]
    place = (own or frames)[-1] if frames else None
    where = f" at {Path(place.filename).name}:{place.lineno}" if place else ""
    return f"{type(error).__name__}{where}"


def peak_megabytes() -> int:
    """Most memory that this process has had."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
