from __future__ import annotations

import threading

from pipelines.webcam.slot import Slot


def test_the_newest_wins_and_the_loss_is_told() -> None:
    slot: Slot[int] = Slot()
    assert [slot.put(each) for each in (1, 2, 3)] == [False, True, True]
    assert slot.take() == 3
    assert slot.take(timeout=0) is None


def test_whoever_waits_gets_what_is_put() -> None:
    # given a thread that waits
    slot: Slot[int] = Slot()
    got: list[int | None] = []
    thread = threading.Thread(target=lambda: got.append(slot.take()))
    thread.start()
    # when something is put
    slot.put(7)
    thread.join(5)
    # then it is there
    assert got == [7]


def test_closing_wakes_whoever_waits_and_keeps_nothing() -> None:
    slot: Slot[int] = Slot()
    thread = threading.Thread(target=slot.take)
    thread.start()
    slot.close()
    thread.join(5)
    assert not thread.is_alive()
    assert slot.put(1) is False
    assert slot.take() is None
