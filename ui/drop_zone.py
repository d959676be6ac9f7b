"""A drop zone for many files and whole folders, and what arrives of it on the server."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.errors import BadInput, DiskFull, TooLarge
from ui.texts import Say

SCRIPT = Path(__file__).with_name("drop.js")
SEND = """(_, ...values) => new Promise((give) => {
  const zone = document.querySelector("#%s .ink-drop");
  zone.dispatchEvent(new CustomEvent("ink-send", { bubbles: true, detail: (sent) => give([sent, ...values]) }));
})"""
TELL = """() => {
  document.querySelector("#%s .ink-drop").dispatchEvent(new CustomEvent("%s", { bubbles: true }));
}"""
WORDS = (
    "files",
    "files.one",
    "left_out",
    "left_out.one",
    "unread",
    "unread.one",
    "too_large",
    "too_many",
    "sent",
    "sending",
    "checking",
)
DEEPEST = 3
"""Parts of a place below the upload folder: Gradio's folder of the content, and the file."""


@dataclass(frozen=True)
class Limits:
    """What the zone takes: file endings in lower case with their dots, bytes and files at a time. `at_once`: it
    tells by `upload` when files were chosen, and wants to be asked for them."""

    endings: tuple[str, ...]
    bytes: int
    files: int
    at_once: bool = False


@dataclass(frozen=True)
class Sent:
    """A file that was uploaded: where it is, and its name with the sub-folders it came in."""

    path: Path
    name: str


def build_drop_zone(speak: Say, place: str, title: str, limits: Limits) -> Any:
    """The component; `place` is its id, `title` what it asks for."""
    return gr.HTML(
        render_drop_zone(speak, title, limits),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id=place,
    )


def sending(place: str) -> str:
    """JavaScript for an event whose first input is to be what the zone sends; it waits for the upload."""
    return SEND % place


def clearing(place: str) -> str:
    """JavaScript that empties the zone, for when its files were taken."""
    return TELL % (place, "ink-clear")


def settling(place: str) -> str:
    """JavaScript that gives the files back to their owner, for when they could not be taken."""
    return TELL % (place, "ink-settle")


def render_drop_zone(speak: Say, title: str, limits: Limits) -> str:
    """The zone as HTML; drop.js shows one of its three states."""
    words = {name: _raw(speak, f"drop.{name}") for name in WORDS} | {"list": speak("mark.list")}
    facts = asdict(limits)
    many = f'multiple accept="{escape(",".join(limits.endings))}"'
    return (
        f'<section class="ink-drop" data-state="empty" data-words="{escape(json.dumps(words))}" '
        f'data-limits="{escape(json.dumps(facts))}" aria-label="{escape(title)}">'
        f'<div class="ink-drop-empty"><strong>{escape(title)}</strong>'
        f"<span>{_pick('choose', many, speak)}"
        f"{_pick('folder', 'webkitdirectory', speak)}</span></div>"
        '<div class="ink-drop-chosen"><p><strong data-part="summary"></strong>'
        f'<button type="button" data-act="clear">{speak("drop.clear")}</button></p>'
        '<pre data-part="names"></pre>'
        f"<span>{_pick('more', many, speak)}</span></div>"
        f'<div class="ink-drop-sending"><p><strong data-part="what"></strong>'
        f'<button type="button" data-act="stop" data-part="stop">{speak("drop.stop")}</button></p>'
        f'<progress data-part="bar" max="1" value="0" aria-label="{speak("drop.sending")}"></progress>'
        '<span data-part="sent"></span></div>'
        '<p class="ink-trouble" data-part="trouble" role="status"></p></section>'
    )


def _pick(what: str, kind: str, speak: Say) -> str:
    return f'<label>{speak(f"drop.{what}")}<input type="file" data-pick="{what}" {kind}></label>'


def _raw(speak: Say, key: str) -> str:
    """A text with its places still open: the browser fills them."""
    names = ("count", "names", "size", "limit", "done", "total")
    return speak(key, **{name: "{" + name + "}" for name in names})


def read_sent(payload: Any, folder: Path, most: int) -> list[Sent] | None:
    """What the zone sent, None when its owner stopped the upload.

    Raises BadInput for what did not come through an upload into `folder` and for an upload that failed,
    TooLarge for more than `most` files.
    """
    given = payload if isinstance(payload, dict) else {}
    if given.get("stopped"):
        return None
    if "trouble" in given:
        raise _failed(given["trouble"])
    files = given.get("files")
    if not isinstance(files, list):
        raise BadInput("That file did not come through an upload.", "Choose the file again.")
    if len(files) > most:
        raise TooLarge(
            f"The upload has more than {most} files.",
            "Send fewer at a time, or raise INKFRAME_MAX_BATCH_FILES.",
        )
    return list(_resolve(files, folder.resolve()))


def _resolve(files: list[Any], folder: Path) -> Iterable[Sent]:
    for each in files:
        place, name = each if isinstance(each, list) and len(each) == 2 else ("", "")
        path = _locate(place, folder)
        if path is None or not isinstance(name, str):
            raise BadInput("That file did not come through an upload.", "Choose the file again.")
        yield Sent(path, name or path.name)


def _locate(place: Any, folder: Path) -> Path | None:
    if not isinstance(place, str) or not 0 < len(Path(place).parts) < DEEPEST:
        return None
    try:
        path = (folder / place).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _failed(status: Any) -> Exception:
    if status == 413:
        return TooLarge("A file is over the limit of an upload.", "Send it in smaller parts.")
    if status == DiskFull.status:
        return DiskFull(
            "The disk with the outputs folder is full.", "Free some space or clean up the history."
        )
    if status in (401, 403):
        return BadInput("The upload was refused: you are not signed in any more.", "Load the page again.")
    return BadInput("The upload broke off.", "Check that the server runs and has room, then start again.")
