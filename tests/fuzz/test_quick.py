"""A short slice of the fuzzers; `python -m scripts.fuzz` hunts for as long as one likes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from pipelines.image import open_image
from scripts.fuzz.__main__ import draw_table
from scripts.fuzz.fence import ROOT, Fence
from scripts.fuzz.hunt import Bag, Hang, Target, hunt
from scripts.fuzz.kinds import INSIDE
from scripts.fuzz.stand import find_defects
from scripts.fuzz.work import ROUTES, SUBJECTS, VEILS, allowed, draw

SECONDS = 0.3


@pytest.mark.parametrize("name", sorted(INSIDE))
def test_nothing_is_found_in_a_moment(name: str, tmp_path: Path) -> None:
    bag = hunt(INSIDE[name], tmp_path, SECONDS, first_seed=1)
    assert bag.failures.keys() - {"memory"} == set(), bag.failures  # the memory is that of all tests
    assert bag.cases > 0


def target(case: object) -> Target:
    from hypothesis import strategies as st

    return Target("given", "a test", lambda _: (st.integers(0, 1000), case), limit=0.2)  # type: ignore[arg-type, return-value]


def test_a_defect_is_found_and_made_small(tmp_path: Path) -> None:
    def case(number: int) -> None:
        if number > 17:
            raise KeyError(number)

    bag = hunt(target(case), tmp_path, 0.5, 1)
    (words,) = (words for kind, words in bag.failures.items() if kind != "memory")
    assert "given=18" in words


def test_a_hang_is_found(tmp_path: Path) -> None:
    def case(_: int) -> None:
        while True:
            pass

    bag = hunt(target(case), tmp_path, 0.1, 1)
    assert any(Hang.__name__ in words for words in bag.failures.values())


def test_the_fence_sees_what_strays(tmp_path: Path) -> None:
    told: list[str] = []
    fence = Fence([tmp_path / "in"], told.append)
    for event, facts in (
        ("open", (str(tmp_path / "in" / "a"), "w", 0x41)),
        ("open", ("/etc/passwd", "r", 0)),
        ("open", (str(tmp_path / "in" / ".." / "b"), "w", 0x41)),
        ("os.remove", (str(tmp_path / "c"), -1)),
        ("socket.connect", (None, ("127.0.0.1", 80))),
        ("socket.connect", (None, ("192.0.2.1", 80))),
    ):
        fence._see(event, facts)
    assert told == [
        "read /etc/passwd",
        f"wrote {tmp_path / 'b'}",
        f"os.remove {tmp_path / 'c'}",
        "connected to 192.0.2.1",
    ]


def test_defects_are_read_from_a_log() -> None:
    trace = 'Traceback (most recent call last):\n  File "{}", line 3, in f\n    x\nKeyError: 1\nINFO y\n'
    own, foreign = trace.format(ROOT / "ui" / "b.py"), trace.format("/x/site-packages/gradio/routes.py")
    assert list(find_defects("INFO x\n" + own + own)) == ["logged KeyError at b.py:3"]
    assert find_defects("INFO all is well\n" + foreign + trace.format(ROOT / "ui" / "guard.py")) == {}


def test_warnings_of_the_apps_own_code_are_read_from_a_log() -> None:
    warning = "{}:140: RuntimeWarning: Mean of empty slice\n  x = y.mean()\n"
    log = warning.format(ROOT / "pipelines" / "a.py") + warning.format("/x/site-packages/numpy/b.py")
    assert list(find_defects(log + log)) == ["logged RuntimeWarning at a.py:140"]


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_what_is_asked_to_be_worked_on_is_allowed(path: str) -> None:
    kind = ROUTES[path][2]

    @settings(max_examples=30, database=None, derandomize=True)
    @given(allowed(kind))
    def parse(form: dict[str, str]) -> None:
        kind.parse(form)

    parse()


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("veil", VEILS[1:])
def test_what_is_worked_on_is_a_picture(subject: str, veil: str) -> None:
    picture = open_image(draw(subject, veil, 8, 9, 7), max_pixels=1000)
    assert picture.rgb.shape == (8, 9, 3)
    assert (picture.alpha is None) == (veil == "none")


def test_the_table_adds_up() -> None:
    table = draw_table({"zip": Bag(3, 1.2, 0.1, 90), "image": Bag(4, 2.0, 0.2, 99, {"KeyError": "..."})})
    assert "| all | 7 | 3 | | | 1 |" in table


def test_nobody_needs_schemathesis_to_import_the_fuzzers() -> None:
    assert "schemathesis" not in sys.modules
