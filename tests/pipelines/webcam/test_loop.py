from __future__ import annotations

import gc
import itertools
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

import pipelines.webcam.loop as loops
from pipelines.errors import InkframeError, InvalidOption
from pipelines.webcam.frames import Rgb, Styled
from pipelines.webcam.loop import LiveLoop
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.snapshot import open_frame
from pipelines.webcam.stages import decode, encode

LONG = 10.0
"""Seconds after which what should happen did not."""
STILL = LiveOptions(smoothing="off", target_fps=20)


def grey(shade: int, width: int = 64, height: int = 48) -> Rgb:
    return np.full((height, width, 3), shade, np.uint8)


class Steadfast:
    """A drawer that draws in one way only."""

    multiple = 8
    leaves = False

    def adjust(self, options: LiveOptions) -> Any:
        return self


class Shade(Steadfast):
    """Draws everything in one grey."""

    def __init__(self, shade: int, before: Callable[[], None] = lambda: None) -> None:
        self.shade, self.before = shade, before

    def draw(self, rgb: Rgb) -> Rgb:
        self.before()
        return np.full_like(rgb, self.shade)


class Client:
    """Keeps what a loop delivers and says."""

    def __init__(self) -> None:
        self.frames: list[Styled] = []
        self.troubles: list[InkframeError] = []
        self._more = threading.Condition()

    def take(self, frame: Styled) -> None:
        with self._more:
            self.frames.append(frame)
            self._more.notify_all()

    def hear(self, trouble: InkframeError) -> None:
        with self._more:
            self.troubles.append(trouble)
            self._more.notify_all()

    def wait(self, ready: Callable[[], Any]) -> None:
        with self._more:
            assert self._more.wait_for(ready, LONG)


class Session:
    """A loop and its client; `send` numbers the frames."""

    def __init__(self, open_drawer: Callable[[LiveOptions], Any], options: LiveOptions, **more: Any) -> None:
        self.client = Client()
        deliver = more.pop("deliver", self.client.take)
        self.loop = LiveLoop(open_drawer, options, deliver, on_trouble=self.client.hear, **more)
        self.sent = 0

    def stand(self) -> Session:
        wait_until(lambda: self.loop.stats().preparing == "" and self.loop._understudy.preparing is None)
        return self

    def send(self, data: bytes | None = None) -> int:
        self.loop.offer(self.sent, 1000 + self.sent, encode(grey(10), 90) if data is None else data)
        self.sent += 1
        return self.sent - 1

    def exchange(self) -> Styled:
        """Send a frame and wait until it is back."""
        number = self.send()
        self.client.wait(lambda: self.client.frames and self.client.frames[-1].number == number)
        return self.client.frames[-1]

    def shade(self) -> int:
        return int(self.exchange().rgb[0, 0, 0])


def wait_until(ready: Callable[[], Any]) -> None:
    until = time.monotonic() + LONG
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.002)


def passed_over(session: Session) -> int:
    """Frames that made way for newer ones before they were drawn."""
    drops = session.loop.stats().drops
    return drops.get("draw", 0) + drops.get("arrival", 0)


@pytest.fixture
def begin() -> Iterator[Callable[..., Session]]:
    made: list[Session] = []

    def start(
        open_drawer: Callable[[LiveOptions], Any] | None = None, options: LiveOptions = STILL, **more: Any
    ) -> Session:
        made.append(Session(open_drawer or (lambda options: Shade(100)), options, **more))
        return made[-1]

    yield start
    for each in made:
        each.loop.close()


Begin = Callable[..., Session]


def test_frames_come_back_drawn_with_their_numbers(begin: Begin) -> None:
    session = begin().stand()
    frames = [session.exchange() for _ in range(5)]
    assert [(each.number, each.captured_ms) for each in frames] == [(n, 1000 + n) for n in range(5)]
    assert decode(frames[0].jpeg, 64).mean() == pytest.approx(100, abs=2)
    assert frames[0].rgb.shape == (48, 64, 3)
    stats = session.loop.stats()
    assert (stats.delivered, stats.received, stats.width, stats.height) == (5, 5, 64, 48)
    assert set(stats.stages) == {"decode", "fit", "draw", "smooth", "encode"}


def test_the_newest_wins_and_numbers_only_grow(begin: Begin) -> None:
    # given a drawer that is held up in its first frame
    held, started = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        held.wait(LONG)

    session = begin(lambda options: Shade(100, wait)).stand()
    session.send()
    started.wait(LONG)
    # when forty frames come meanwhile, one of them late
    for _ in range(40):
        session.send()
    session.loop.offer(3, 0, b"")
    wait_until(lambda: passed_over(session) == 39)
    held.set()
    # then the newest comes back, and nothing between it and the first
    session.client.wait(lambda: session.client.frames[-1:] and session.client.frames[-1].number == 40)
    assert {each.number for each in session.client.frames} <= {0, 40}
    assert session.loop.stats().drops["late"] == 1


def test_stages_overlap(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    # given three stages that each wait until the others are at work, too
    meeting = threading.Barrier(3)
    met: list[bool] = []

    def meet() -> None:
        try:
            meeting.wait(0.5)
            met.append(True)
        except threading.BrokenBarrierError:
            meeting.reset()

    def decode_together(data: bytes, longest: int) -> Rgb:
        meet()
        return grey(10)

    def encode_together(rgb: Rgb, quality: int) -> bytes:
        meet()
        return b""

    monkeypatch.setattr(loops, "decode", decode_together)
    monkeypatch.setattr(loops, "encode", encode_together)
    session = begin(lambda options: Shade(100, meet)).stand()
    # then three frames are in work at once before long
    until = time.monotonic() + LONG
    while len(met) < 3 and time.monotonic() < until:
        session.send(b"x")
        time.sleep(0.02)
    assert len(met) >= 3


def test_garbage_is_counted_and_the_next_frame_comes(begin: Begin) -> None:
    session = begin().stand()
    whole = encode(grey(10), 90)
    for count, data in enumerate((b"", b"text", whole[:100], b"\xff\xd8\xff\xd9"), 1):
        session.send(data)
        wait_until(lambda count=count: session.loop.stats().drops.get("unreadable") == count)
    session.loop.offer(session.sent, 0, "text")  # type: ignore[arg-type]
    session.sent += 1
    wait_until(lambda: session.loop.stats().drops.get("unreadable") == 5)
    assert session.shade() == 100
    assert session.client.troubles == []


def test_what_is_too_large_is_said_once(begin: Begin) -> None:
    session = begin().stand()
    large = np.broadcast_to(np.uint8(0), (4320, 7680, 3))
    for number in range(3):
        session.loop.offer_rgb(number, 0, large)
        wait_until(lambda number=number: session.loop.stats().drops.get("too large") == number + 1)
    assert [each.status for each in session.client.troubles] == [413]


def test_another_style_takes_over_without_a_stall(begin: Begin) -> None:
    # given a second style that takes its time to open
    held = threading.Event()

    def open_drawer(options: LiveOptions) -> Shade:
        if options.style == "slow":
            held.wait(LONG)
            return Shade(200)
        return Shade(100)

    session = begin(open_drawer).stand()
    assert session.shade() == 100
    session.loop.change(LiveOptions(style="slow", smoothing="off"))
    # then the first goes on drawing
    assert [session.shade() for _ in range(5)] == [100] * 5
    assert (session.loop.stats().style, session.loop.stats().preparing) == ("none", "slow")
    # until the second stands
    held.set()
    session.stand()
    assert session.shade() == 200
    assert session.loop.stats().style == "slow"


def test_of_many_wishes_the_newest_is_met(begin: Begin) -> None:
    held, opened = threading.Event(), []

    def open_drawer(options: LiveOptions) -> Shade:
        opened.append(options.style)
        if options.style == "first":
            held.wait(LONG)
        return Shade(len(opened))

    session = begin(open_drawer).stand()
    for style in ("first", "second", "third", "fourth"):
        session.loop.change(LiveOptions(style=style))
        wait_until(lambda: opened[-1] != "none")
    held.set()
    session.stand()
    assert opened == ["none", "first", "fourth"]
    assert session.loop.stats().style == "fourth"


def test_a_drawer_rehearses_before_it_takes_over(begin: Begin) -> None:
    drawn: dict[str, list[str]] = {"none": [], "other": []}

    def open_drawer(options: LiveOptions) -> Shade:
        log = drawn[options.style]
        return Shade(100, lambda: log.append(threading.current_thread().name))

    session = begin(open_drawer).stand()
    session.exchange()
    session.loop.change(LiveOptions(style="other"))
    session.stand()
    session.exchange()
    assert drawn["other"] == ["live-understudy", "live-draw"]


def test_a_style_that_does_not_open_leaves_the_one_before(begin: Begin) -> None:
    def open_drawer(options: LiveOptions) -> Shade:
        if options.style == "unknown":
            raise InvalidOption("There is no style unknown.", "Choose another.")
        if options.style == "broken":
            raise RuntimeError("defect")
        return Shade(100)

    session = begin(open_drawer).stand()
    for count, style in enumerate(("unknown", "broken"), 1):
        session.loop.change(LiveOptions(style=style, quality=50))
        session.client.wait(lambda count=count: len(session.client.troubles) == count)
        session.stand()
        assert session.shade() == 100
    # then options are those that hold, with what the loop could follow
    assert (session.loop.options.style, session.loop.options.quality) == ("none", 50)
    assert session.client.troubles[0].code == "invalid_option"
    assert "defect" not in str(session.client.troubles[1])
    # and asking again asks again
    session.loop.change(LiveOptions(style="unknown"))
    session.client.wait(lambda: len(session.client.troubles) == 3)


def test_nothing_is_shown_before_the_first_drawer_stands(begin: Begin) -> None:
    # given a first style that fails
    def open_drawer(options: LiveOptions) -> Shade:
        if options.style == "none":
            raise InvalidOption("No.", "Choose another.")
        return Shade(200)

    session = begin(open_drawer)
    session.client.wait(lambda: session.client.troubles)
    session.send()
    wait_until(lambda: session.loop.stats().drops.get("preparing") == 1)
    assert session.client.frames == []
    # then another one can still be asked for
    session.loop.change(LiveOptions(style="other"))
    session.stand()
    assert session.shade() == 200


def test_strength_and_colours_change_with_the_next_frame(begin: Begin) -> None:
    # given a drawer that is as dark as it is strong, and opens slowly the second time
    opened: list[LiveOptions] = []
    looks: list[tuple[str, float]] = []

    class Strong(Steadfast):
        def __init__(self, strength: float) -> None:
            self.strength = strength

        def draw(self, rgb: Rgb) -> Rgb:
            return np.full_like(rgb, round(200 * self.strength))

        def adjust(self, options: LiveOptions) -> Strong:
            return Strong(options.strength)

    gate = threading.Event()

    def open_drawer(options: LiveOptions) -> Strong:
        opened.append(options)
        assert len(opened) == 1 or gate.wait(LONG)
        return Strong(options.strength)

    session = begin(open_drawer, on_look=lambda options, _: looks.append((options.style, options.strength)))
    session.stand()
    assert session.shade() == 200
    # when only the strength changes
    session.loop.change(replace(STILL, strength=0.5))
    # then the next frame has it, and no drawer was opened
    assert session.shade() == 100
    assert len(opened) == 1
    # and a style that is still being opened comes with the newest strength
    session.loop.change(replace(STILL, style="edges", strength=0.5))
    wait_until(lambda: len(opened) == 2)
    session.loop.change(replace(STILL, style="edges", strength=0.25))
    assert session.shade() == 50
    gate.set()
    session.stand()
    assert session.shade() == 50
    assert len(opened) == 2
    style = STILL.style
    assert looks == [(style, 1.0), (style, 0.5), (style, 0.25), ("edges", 0.25)]


def test_what_the_loop_follows_itself_needs_no_drawer(begin: Begin) -> None:
    opened = []

    class Same(Steadfast):
        def draw(self, rgb: Rgb) -> Rgb:
            return rgb

    def open_drawer(options: LiveOptions) -> Same:
        opened.append(options)
        return Same()

    session = begin(open_drawer).stand()
    split = grey(0, 640, 480)
    split[:, :320] = 200
    session.loop.change(LiveOptions(mirror=True, quality=40, smoothing="off", floor=96, ceiling=128))
    session.send(encode(split, 90))
    session.client.wait(lambda: session.client.frames)
    rgb = session.client.frames[0].rgb
    assert rgb.shape == (96, 128, 3)
    assert rgb[50, 10, 0] < 20 < 180 < rgb[50, 120, 0]
    assert len(opened) == 1


class Leaving(Steadfast):
    """Leaves every frame as it is."""

    multiple, leaves = 1, True

    def draw(self, rgb: Rgb) -> Rgb:
        return rgb


def test_what_stays_as_it_is_goes_back_unopened(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    session = begin(lambda options: Leaving()).stand()
    monkeypatch.setattr(loops, "decode", lambda *_: pytest.fail("it was opened"))
    whole = encode(grey(10), 90)
    session.send(whole)
    session.client.wait(lambda: session.client.frames)
    frame = session.client.frames[0]
    assert frame.jpeg == whole
    assert open_frame(frame.rgb, frame.jpeg).shape == (48, 64, 3)
    stats = session.loop.stats()
    assert (stats.delivered, stats.width, stats.height, stats.stages) == (1, 64, 48, {})


@pytest.mark.parametrize("why", ["mirror", "smaller", "lighter", "tapped", "damaged", "webp", "drawn"])
def test_a_frame_with_which_something_is_done_is_opened(begin: Begin, why: str) -> None:
    changes = {
        "mirror": {"mirror": True},
        "smaller": {"ceiling": 96, "floor": 96},
        "lighter": {"quality": 60},
    }
    options = replace(STILL, **changes.get(why, {}))
    session = begin(lambda options: Shade(10) if why == "drawn" else Leaving(), options).stand()
    seen: list[Rgb] = []
    if why == "tapped":
        session.loop.tap(lambda rgb, at: seen.append(rgb))
    whole = encode(grey(10, 128, 96), 90)
    if why == "webp":
        whole = bytes(cv2.imencode(".webp", grey(10, 128, 96))[1])
    session.send(whole[:200] if why == "damaged" else whole)
    if why == "damaged":
        wait_until(lambda: session.loop.stats().drops.get("unreadable") == 1)
        return
    session.client.wait(lambda: session.client.frames)
    frame = session.client.frames[0]
    assert frame.rgb is not None and frame.jpeg != whole
    assert "decode" in session.loop.stats().stages
    if why == "tapped":
        wait_until(lambda: len(seen) == 1)


def test_a_frame_that_passes_by_another_keeps_the_order(begin: Begin) -> None:
    # given a frame that is being drawn
    held, started = threading.Event(), threading.Event()

    class Slow(Leaving):
        leaves = False

        def adjust(self, options: LiveOptions) -> Any:
            return Leaving() if options.strength == 0 else self

        def draw(self, rgb: Rgb) -> Rgb:
            started.set()
            held.wait(LONG)
            return rgb

    session = begin(lambda options: Slow()).stand()
    session.send()
    started.wait(LONG)
    # when the next one passes it by
    session.loop.change(replace(STILL, strength=0))
    session.send()
    session.client.wait(lambda: session.client.frames)
    held.set()
    # then the first does not come after it
    wait_until(lambda: session.loop.stats().drops.get("finish") == 1)
    assert [each.number for each in session.client.frames] == [1]


def test_a_drawer_that_fails_is_said_once_and_can_be_left(
    begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("defect")

    session = begin(lambda options: Shade(1, fail) if options.style == "none" else Shade(200)).stand()
    for count in range(1, 4):
        session.send()
        wait_until(lambda count=count: session.loop.stats().drops.get("failed") == count)
    assert len(session.client.troubles) == 1
    assert caplog.text.count("RuntimeError: defect") == 1
    session.loop.change(LiveOptions(style="other"))
    session.stand()
    assert session.shade() == 200


def test_a_client_that_fails_does_not_end_the_loop(begin: Begin) -> None:
    got: list[int] = []

    def deliver(frame: Styled) -> None:
        if frame.number == 0:
            raise ConnectionError
        got.append(frame.number)

    session = begin(deliver=deliver).stand()
    session.send()
    wait_until(lambda: session.loop.stats().drops.get("failed") == 1)
    session.send()
    wait_until(lambda: got == [1])


def test_pixels_go_in_and_out_without_files(begin: Begin) -> None:
    session = begin(encode=False).stand()
    session.loop.offer_rgb(0, 5, grey(10))
    session.client.wait(lambda: session.client.frames)
    frame = session.client.frames[0]
    assert (frame.jpeg, int(frame.rgb[0, 0, 0])) == (None, 100)
    assert not {"encode", "decode"} & set(session.loop.stats().stages)


def test_the_size_follows_what_drawing_takes(begin: Begin) -> None:
    # given a clock that only drawing moves: 90 ms at 384 px
    now = [0.0]

    class Slow(Steadfast):
        multiple = 16

        def draw(self, rgb: Rgb) -> Rgb:
            now[0] += 0.09 * (rgb.shape[1] / 384) ** 2
            return rgb

    session = begin(lambda options: Slow(), clock=lambda: now[0]).stand()
    frame = encode(grey(50, 640, 480), 80)
    for number in range(10):
        session.send(frame)
        session.client.wait(lambda number=number: len(session.client.frames) == number + 1)
    # then the size went down, and says why
    stats = session.loop.stats()
    assert stats.width < 300
    assert stats.size_why == "slow"
    assert stats.size_sentence.startswith("From 384 to 288 px: a frame took 90 ms")
    assert session.client.frames[-1].rgb.shape[1] == stats.width == 288


def test_taps_get_frames_and_slow_ones_lose_them(begin: Begin) -> None:
    session = begin().stand()
    quick: list[tuple[int, float]] = []
    held, inside = threading.Event(), threading.Event()

    def hold(rgb: Rgb, time: float) -> None:
        inside.set()
        held.wait(LONG)

    end = session.loop.tap(lambda rgb, time: quick.append((int(rgb[0, 0, 0]), time)))
    session.loop.tap(hold)
    for count in range(1, 6):
        session.exchange()
        wait_until(lambda count=count: len(quick) == count)
        inside.wait(LONG)
    held.set()
    # then the quick one has all of them, in order, and the slow one held nobody up
    assert [shade for shade, _ in quick] == [100] * 5
    assert [at for _, at in quick] == sorted(at for _, at in quick)
    assert session.loop.stats().drops["tap"] == 3
    # and after it was removed nothing more comes
    end()
    session.exchange()
    session.exchange()
    assert len(quick) == 5


def test_a_tap_that_fails_is_taken_off(begin: Begin) -> None:
    session = begin().stand()
    calls = []

    def fail(rgb: Rgb, time: float) -> None:
        calls.append(time)
        raise OSError("disk full")

    session.loop.tap(fail)
    session.exchange()
    wait_until(lambda: calls)
    wait_until(lambda: len(session.loop._taps) == 0)
    session.exchange()
    assert len(calls) == 1


def test_ages_are_those_that_the_client_saw(begin: Begin) -> None:
    loop = begin().loop
    for age in (30.0, 50.0, 70.0, -5.0, 1e9):
        loop.seen(1, age)
    assert loop.stats().age_p50_ms == 50


def test_closing_ends_the_threads_and_lets_go_of_the_drawer(begin: Begin) -> None:
    before = set(threading.enumerate())
    made: list[weakref.ref[Shade]] = []

    def open_drawer(options: LiveOptions) -> Shade:
        shade = Shade(100)
        made.append(weakref.ref(shade))
        return shade

    session = begin(open_drawer).stand()
    session.loop.tap(lambda rgb, time: None)
    session.exchange()
    session.loop.close()
    session.loop.close()
    session.send()
    session.loop.change(LiveOptions(style="other"))
    wait_until(lambda: set(threading.enumerate()) <= before)
    gc.collect()
    assert made[0]() is None
    assert len(made) == 1


def test_a_drawer_that_stands_too_late_is_let_go_of(begin: Begin) -> None:
    held, opening = threading.Event(), threading.Event()
    made: list[weakref.ref[Shade]] = []

    def open_drawer(options: LiveOptions) -> Shade:
        opening.set()
        held.wait(LONG)
        shade = Shade(100)
        made.append(weakref.ref(shade))
        return shade

    session = begin(open_drawer)
    opening.wait(LONG)
    session.loop.close()
    held.set()
    session.stand()
    gc.collect()
    assert made[0]() is None


def test_it_can_be_closed_by_what_it_calls(begin: Begin) -> None:
    closed = threading.Event()

    def deliver(frame: Styled) -> None:
        session.loop.close()
        closed.set()

    session = begin(deliver=deliver).stand()
    session.send()
    assert closed.wait(LONG)


def test_sessions_that_share_a_net_share_it_fairly(begin: Begin) -> None:
    # given four sessions whose drawers wait in line for one net (a plain lock takes whoever comes back first)
    net, tickets, turns = threading.Condition(), itertools.count(), itertools.count(1)
    turn = 0

    def use() -> None:
        nonlocal turn
        with net:
            ticket = next(tickets)
            assert net.wait_for(lambda: turn == ticket, LONG)
        time.sleep(0.004)
        with net:
            turn = next(turns)
            net.notify_all()

    def open_drawer(options: LiveOptions) -> Shade:
        return Shade(100, use)

    sessions = [begin(open_drawer).stand() for _ in range(4)]
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        for each in sessions:
            each.send()
        time.sleep(0.004)
    counts = [len(each.client.frames) for each in sessions]
    assert min(counts) > 0.5 * max(counts)
    assert min(counts) > 10


def test_a_drawer_is_opened_anew_for_the_same_options(begin: Begin) -> None:
    # given a style whose own net comes to be while it is drawn
    shades = iter((100, 160))
    session = begin(lambda options: Shade(next(shades))).stand()
    assert session.shade() == 100
    # when the drawer is renewed
    session.loop.renew()
    session.stand()
    # then the next frames are drawn by what it is now
    assert session.shade() == 160
