"""What holds for every event of the page: nobody's API, and no wish of a person is dropped because the one before is
still on its way, as Gradio does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from pipelines.settings import Settings
from pipelines.studio import open_studio
from ui.event_facts import NEWEST, set_rules
from ui.page import build_page

WISHES = {"select", "input", "release", "upload", "edit", "delete"}
ONCE_IS_RIGHT = {
    ("tabitem", "select"): "it only looks again",
    ("image", "upload"): "a photo takes the way of the button, and a second one begins anew",
    ("html:video-files", "upload"): "the drop zone waits by itself",
}
"""What may be dropped while it is on its way, and why."""


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The page, built once: no test here changes it."""
    folder = tmp_path_factory.mktemp("page")
    studio = open_studio(
        Settings(
            outputs=folder / "outputs", weights=folder / "weights", models="none", offline=True, device="cpu"
        )
    )
    yield build_page(studio).blocks
    studio.close()


@pytest.fixture(scope="module")
def events(blocks: Any) -> Iterator[list[tuple[str, str, dict[str, Any]]]]:
    """Component ("kind:id"), event, and what Gradio knows of it."""
    config = blocks.get_config_file()
    parts = {each["id"]: f"{each['type']}:{each['props'].get('elem_id')}" for each in config["components"]}
    yield [
        (parts[target], event, each)
        for each in config["dependencies"]
        for target, event in each["targets"]
        if target in parts
    ]


def test_no_wish_is_dropped(events: list[tuple[str, str, dict[str, Any]]]) -> None:
    dropped = [
        (part, event)
        for part, event, each in events
        if event in WISHES
        and each["trigger_mode"] == "once"
        and (part, event) not in ONCE_IS_RIGHT
        and (part.split(":")[0], event) not in ONCE_IS_RIGHT
    ]
    assert dropped == []
    assert len([event for _, event, _ in events if event in WISHES]) > 50


def test_what_carries_its_wish_is_not_put_off(events: list[tuple[str, str, dict[str, Any]]]) -> None:
    """An event that is put off comes with the data of the one before."""
    put_off = [
        (part, event)
        for part, event, each in events
        if part.startswith("html:") and event in WISHES and each["trigger_mode"] == "always_last"
    ]
    assert put_off == []


def test_no_event_is_an_api(blocks: Any) -> None:
    assert {each["api_visibility"] for each in blocks.get_config_file()["dependencies"]} == {"private"}


def test_what_carries_a_wish_may_come_many_times(blocks: Any) -> None:
    wishes = [event for event in blocks.fns.values() if event.collects_event_data]
    assert wishes
    assert {event.trigger_mode for event in wishes} == {"multiple"}


def test_what_waits_says_how_many_may_work_at_once(blocks: Any) -> None:
    """Gradio's own answer is one: two people would wait for each other."""
    waiting = [event for event in blocks.fns.values() if event.queue]
    assert waiting
    assert [event.name for event in waiting if event.concurrency_limit == "default"] == []


def test_an_event_that_says_more_keeps_it() -> None:
    with gr.Blocks() as blocks:
        button, text = gr.Button(), gr.Textbox()
        button.click(str, text, text)
        button.click(str, text, text, concurrency_limit=4, show_progress_on=button)
        button.click(str, text, text, show_progress="minimal", **NEWEST)
        button.click(None, text, text, js="x => x", concurrency_limit=2)
    set_rules(blocks.fns.values())
    told = [(each.queue, each.show_progress, each.trigger_mode) for each in blocks.fns.values()]
    assert told == [
        (False, "hidden", "once"),
        (True, "full", "once"),
        (False, "minimal", "always_last"),
        (False, "hidden", "once"),
    ]


def test_what_shows_no_progress_gives_the_browser_no_work_for_it(blocks: Any) -> None:
    """For each step of an event Gradio's page looks up every place that may show it, hidden or not."""
    hidden = [event for event in blocks.fns.values() if event.show_progress == "hidden"]
    assert hidden
    assert [event.name for event in hidden if event.show_progress_on != []] == []
