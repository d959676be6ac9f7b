from __future__ import annotations

from weights.hub.tries import Tries


def test_pauses_grow_and_then_it_is_enough() -> None:
    tries = Tries((1.0, 2.0))
    assert [tries.pause_after("network", 0) for _ in range(3)] == [1.0, 2.0, None]


def test_bytes_that_arrived_start_the_row_anew() -> None:
    tries = Tries((1.0, 2.0))
    pauses = [tries.pause_after("network", here) for here in (0, 0, 500, 500, 500)]
    assert pauses == [1.0, 2.0, 1.0, 2.0, None]


def test_wrong_contents_get_one_more_try() -> None:
    tries = Tries()
    assert [tries.pause_after("damaged", 0) for _ in range(2)] == [0.0, None]


def test_nothing_else_is_tried_again() -> None:
    for kind in ("absent", "refused", "disk", "unwritable", "other"):
        assert Tries().pause_after(kind, 0) is None
