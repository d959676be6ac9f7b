"""The side bar: every run, its details, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gradio as gr

from pipelines.errors import NotFound
from pipelines.history import Run
from ui.cleaning import build_cleaning
from ui.event_facts import NEWEST, RAW, facts_of
from ui.failures import told
from ui.figures import say_count, show_bytes
from ui.history_list import list_runs, show_details
from ui.history_sends import WHEN_THERE, build_sends, wire_sends
from ui.part import Part, Room
from ui.texts import voice

PAGE = 24
PICK = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-run]");
  if (button) trigger("select", { run: button.dataset.run });
});
"""


@dataclass(frozen=True)
class Panel:
    """The side bar's components."""

    task: Any
    search: Any
    list: Any
    more: Any
    used: Any
    details: Any
    text: Any
    shown: Any
    selected: Any
    sure: Any
    buttons: Mapping[str, Any]
    sends: Mapping[str, Any]

    @property
    def view(self) -> list[Any]:
        """What decides on the list."""
        return [self.task, self.search, self.shown, self.selected]

    @property
    def drawn(self) -> list[Any]:
        """What a fresh list changes."""
        return [self.list, self.more, self.used]


def build(room: Room, parts: Mapping[str, Part], tabs: Any) -> None:
    """Lay the side bar out and connect it with the tabs, by their names."""
    speak = voice(room.lang)
    with gr.Sidebar(position="right", width=320, elem_id="history", elem_classes="ink-history"):
        gr.HTML(f"<h2>{speak('history.title')}</h2>", apply_default_css=False, elem_id="history-title")
        panel = _build_panel(room, parts)
        cleaned = build_cleaning(room)
    _wire_list(room, panel)
    _wire_details(room, panel)
    _wire_actions(room, panel, parts, tabs)
    wire_sends(room, panel.sends, panel.selected, parts, tabs)
    events = [event for part in parts.values() for event in part.finished] + cleaned
    for event in events:
        event.then(_draw(room), panel.view, panel.drawn, **NEWEST)


def _build_panel(room: Room, parts: Mapping[str, Part]) -> Panel:
    speak = voice(room.lang)
    tasks = [(speak(f"tab.{name}"), part.task) for name, part in parts.items() if part.task]
    with gr.Row(elem_classes="ink-find"):
        search = gr.Textbox(
            show_label=False,
            label=speak("history.search"),
            placeholder=speak("history.search"),
            container=False,
            elem_id="history-search",
            max_length=100,
        )
        task = gr.Dropdown(
            [(speak("history.all"), ""), *tasks],
            value="",
            label=speak("history.filter"),
            show_label=False,
            container=False,
            filterable=False,
            min_width=96,
            elem_id="history-filter",
        )
    listed = gr.HTML(js_on_load=PICK, apply_default_css=False, elem_id="history-list")
    more = gr.Button(speak("history.more"), visible=False, size="sm", elem_id="history-more")
    with gr.Column(visible=False, elem_id="history-details", elem_classes="ink-tight") as details:
        buttons, sends = _build_buttons(room), build_sends(room, parts)
        text = gr.HTML(apply_default_css=False)
    used = gr.HTML(apply_default_css=False, elem_id="history-used")
    shown, selected, sure = gr.State(PAGE), gr.State(""), gr.JSON(visible=False)
    return Panel(task, search, listed, more, used, details, text, shown, selected, sure, buttons, sends)


def _build_buttons(room: Room) -> dict[str, Any]:
    speak = voice(room.lang)
    with gr.Row(elem_classes="ink-acts"):
        made = {
            name: gr.Button(
                speak(f"history.{name}"),
                size="sm",
                min_width=64,
                variant="stop" if name == "delete" else "secondary",
                elem_id=f"history-{name}",
            )
            for name in ("open", "again", "delete", "close")
        }
    return made


def _draw(room: Room) -> Any:
    speak = voice(room.lang)

    def draw(task: str, search: str, shown: int, selected: str) -> tuple[Any, ...]:
        history, wanted = room.history, task or None
        with told(room.lang):
            runs = history.runs(wanted, search, limit=shown)
            total = history.count(wanted, search)
            all_runs = history.count()
            html = list_runs(history, runs, selected, bool(search or task), room.lang)
            used = say_count("history.used", all_runs, speak, size=show_bytes(history.disk_used()))
        return html, gr.Button(visible=total > len(runs)), f"<p>{used if all_runs else ''}</p>"

    return draw


def _wire_list(room: Room, panel: Panel) -> None:
    draw = _draw(room)
    for event in (panel.search.input, panel.task.input):
        event(lambda: PAGE, None, panel.shown, **NEWEST).then(draw, panel.view, panel.drawn, **NEWEST)
    panel.more.click(lambda shown: shown + PAGE, panel.shown, panel.shown).then(
        draw, panel.view, panel.drawn, **NEWEST
    )
    room.blocks.load(draw, panel.view, panel.drawn)


def _wire_details(room: Room, panel: Panel) -> None:
    def select(event: gr.EventData) -> tuple[Any, ...]:
        with told(room.lang):
            run = room.history.get(str(facts_of(event).get("run")))
            return show_details(room.studio, run, room.lang), gr.Column(visible=True), run.id

    hidden = [panel.details, panel.selected]
    chosen = panel.list.select(select, None, [panel.text, panel.details, panel.selected])
    closed = panel.buttons["close"].click(_close, None, hidden)
    # the answer is an input of its own: a gr.State comes from the server, whatever the browser sends for it
    ask = f"(_, run) => [window.confirm({json.dumps(voice(room.lang)('history.delete_sure'))}), run]"
    deleted = panel.buttons["delete"].click(
        delete_run(room), [panel.sure, panel.selected], hidden, js=ask, **RAW
    )
    for event in (chosen, closed, deleted):
        event.success(_draw(room), panel.view, panel.drawn, **NEWEST)


def _close() -> tuple[Any, Any]:
    return gr.Column(visible=False), ""


def delete_run(room: Room) -> Callable[..., tuple[Any, Any]]:
    """What the delete button does: the answer to the question and the run's id; any answer but True leaves it."""

    def delete(sure: Any, run_id: str) -> tuple[Any, Any]:
        if sure is not True or not run_id:
            return gr.skip(), gr.skip()
        with told(room.lang):
            room.history.delete(run_id)
        return _close()

    return delete


def _wire_actions(room: Room, panel: Panel, parts: Mapping[str, Part], tabs: Any) -> None:
    for name, part in parts.items():
        if part.reopen is None:
            continue
        press = _press(part)
        for verb in ("open", "again"):
            done = panel.buttons[verb].click(
                _open_in(room, name, part), panel.selected, [tabs, *part.outputs], concurrency_limit=4
            )
            if verb == "again" and part.go:
                done.success(None, None, None, js=press)
            elif verb == "again":
                done.success(_ask_for_files(room, part), panel.selected, None)


def _press(part: Part) -> str:
    """JavaScript that presses the button which makes runs like the one that is shown, unfolded if need be."""
    return f"""() => {{
      {WHEN_THERE}
      const shown = document.querySelector("#history-details [data-task={part.task}]");
      const [go, fold] = {json.dumps(dict(part.other_go))}[shown?.dataset.result] ?? ["{part.go}"];
      if (fold) whenThere(fold, unfold);
      if (shown) whenThere(go, (button) => button.click());
    }}"""


def _ask_for_files(room: Room, part: Part) -> Any:
    """For a tab whose input is not kept: the settings are back, the files are not."""

    def ask(run_id: str) -> None:
        with suppress(NotFound):
            if room.history.get(run_id).task == part.task:
                gr.Info(voice(room.lang)("batch.files_gone"), title=voice(room.lang)("history.again"))

    return ask


def _open_in(room: Room, name: str, part: Part) -> Any:
    def open_run(run_id: str) -> Any:
        with told(room.lang):
            run: Run = room.history.get(run_id)
            if run.task != part.task or part.reopen is None:
                return [gr.skip()] * (1 + len(part.outputs))
            return [gr.Tabs(selected=name), *part.reopen(run)]

    return open_run
