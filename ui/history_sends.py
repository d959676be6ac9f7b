"""A run's result becomes another tab's photo or film."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr

from ui.failures import told
from ui.part import Part, Room
from ui.texts import voice
from ui.upload import FILMS, hand_over, is_moving

WHEN_THERE = """const whenThere = (id, use, tries = 100) => {
  const found = document.getElementById(id);
  if (found) use(found);
  else if (tries) setTimeout(() => whenThere(id, use, tries - 1), 50);
};
const unfold = (fold, tries = 50) => {
  if (fold.querySelector("button.label-wrap.open") || !tries) return fold.scrollIntoView({ block: "center" });
  fold.querySelector("button.label-wrap")?.click();
  setTimeout(() => unfold(fold, tries - 1), 100);
};"""
"""JavaScript: what is in a tab or a fold that was not yet looked at comes into the page a moment after it, and a
fold that has just come does not yet hear its button."""


def build_sends(room: Room, parts: Mapping[str, Part]) -> dict[str, Any]:
    """A button for each tab that takes a picture, by the tab's name."""
    speak = voice(room.lang)
    with gr.Row(elem_classes="ink-acts"):
        return {
            name: gr.Button(
                speak("history.send", tab=speak(f"tab.{name}")),
                size="sm",
                min_width=64,
                elem_id=f"history-send-{name}",
            )
            for name, part in parts.items()
            if part.photo is not None
        }


def wire_sends(
    room: Room, sends: Mapping[str, Any], selected: Any, parts: Mapping[str, Part], tabs: Any
) -> None:
    """Connect the buttons with their tabs, most of which begin at once; `selected` holds the run's id."""
    for name, button in sends.items():
        part = parts[name]
        films = [part.film] if part.film is not None else []
        sent = button.click(_send_to(room, name, part), selected, [tabs, part.photo, *films])
        sent.success(None, None, None, js=_after_sending(part))


def _send_to(room: Room, name: str, part: Part) -> Any:
    def send(run_id: str) -> tuple[Any, ...]:
        with told(room.lang):
            run = room.history.get(run_id)
            turned = gr.Tabs(selected=name)
            if part.film is not None and is_moving(run):
                return turned, gr.skip(), str(hand_over(room.history, run, room.uploads, FILMS).path)
            given = part.give(hand_over(room.history, run, room.uploads))
            return (turned, given) if part.film is None else (turned, given, gr.skip())

    return send


def _after_sending(part: Part) -> str:
    """JavaScript that begins with a picture, and unfolds where a film went."""
    return f"""() => {{
      {WHEN_THERE}
      const isFilm = (name) => {json.dumps(FILMS)}.some((ending) => name.endsWith(ending));
      const result = document.querySelector("#history-details [data-result]")?.dataset.result ?? "";
      if (isFilm(result)) whenThere("{part.film_fold}", unfold);
      else if ({json.dumps(part.begins)}) whenThere("{part.go}", (button) => button.click());
    }}"""
