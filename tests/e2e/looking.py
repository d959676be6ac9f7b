"""What is found on a page that is looked at as a whole: axe's findings, and the words that a person meets."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from pipelines.device import find_device
from tests.e2e.conftest import DESKTOP, PHONE
from weights.catalogue import ROWS

BAR = "#ink-tabs > .tab-wrapper [data-tab-id]"
PANEL = "#ink-tabs > [role=tabpanel]:not([style*='display: none'])"
"""What is under the tab that is open; axe would look at the parts of the others as well, and find them hidden."""
SIZES = {"desktop": DESKTOP, "phone": PHONE}
GRAVE = ("serious", "critical")
EXCEPTIONS: dict[str, str] = {}
"""Rules of axe that can't be met, each with the reason."""
CALM = ".ink-go-stays, .ink-out { position: static !important; } .pending { opacity: 1 !important; }"
"""What sticks to the window covers what can be scrolled out from under it, and Gradio dims what is being made anew;
axe sees one moment only."""
AXE = """(place) => axe.run(place, { resultTypes: ["violations"], preload: false, iframes: false }).then((told) =>
  told.violations.flatMap((rule) => rule.nodes.map((node) =>
    [rule.id, rule.impact, node.target.join(" "), node.html.slice(0, 160)])))"""
WORDS = """() => {
  const seen = new Set(), add = (text) => text?.trim() && seen.add(text.trim());
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const on = texts.currentNode.parentElement;
    if (!on.closest("script, style, noscript, .ink-lang") && on.checkVisibility()) add(texts.currentNode.data);
  }
  for (const each of document.querySelectorAll("body *")) {
    if (each.matches(".ink-lang") || !each.checkVisibility()) continue;
    for (const fact of ["title", "placeholder", "aria-label", "aria-valuetext", "alt"]) add(each.getAttribute(fact));
    if (each.matches("input:not([type]), input[type=text], textarea")) add(each.value);
  }
  return [...seen];
}"""
CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2,}")
NAMES = re.compile(
    r"Inkframe|ModelScope|https?://\S+|rtmps?://\S*|\bI?OPENRAIL[^,)]*|\b(?:CPU|GPU|MB|GB|kB|ms|fps|px|"
    r"PNG|WebP|JPE?G|GIF|TIFF|MP[34]|MOV|M4A|WAV|FLAC|OGG|WebM|zip|ZIP|RIFE|WebSocket|WebRTC|RTMPS?|H\.264|x264|NVENC|"
    r"MIT|Apache-2\.0|BSD[-\w]*|CC BY-NC 4\.0)\b"
)
"""Names of formats, licences and units: they are the same in every language, as models' and the processor's are."""


def find_axe() -> str:
    """axe-core's script, which its Playwright package carries; skips where that is not installed."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    return Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@dataclass
class Seen:
    """What was found on a page: axe's grave findings, all words, and the widest that it was on a phone."""

    findings: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    wide: dict[str, int] = field(default_factory=dict)


def dresses(lang: str) -> list[tuple[str, bool]]:
    """Sizes and whether dark, to look at a page in: one that differs by language, or all of them."""
    if os.environ.get("INKFRAME_LONG_TESTS"):
        return [(size, dark) for size in SIZES for dark in (False, True)]
    return [("desktop", False)] if lang == "en-US" else [("phone", True)]


def bring_axe(page: Page) -> None:
    """Put axe into a page."""
    page.evaluate(find_axe() + ";0")
    page.add_style_tag(content=CALM)


def look(page: Page, seen: Seen, state: str, lang: str, place: str) -> None:
    """Take in the words of a state that a page is in now, its width on a phone, and axe's findings in `place`, in each
    of the language's sizes and colours."""
    seen.words |= set(page.evaluate(WORDS))
    page.set_viewport_size(PHONE)
    seen.wide[state] = page.evaluate("document.documentElement.scrollWidth")
    for size, dark in dresses(lang):
        page.set_viewport_size(SIZES[size])
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        page.wait_for_timeout(150)
        for rule, impact, found, html in page.evaluate(AXE, place):
            if impact in GRAVE and rule not in EXCEPTIONS:
                seen.findings.add(f"{state} {size} {'dark' if dark else 'light'}: {rule} {found} {html}")


def unfold(page: Page) -> None:
    """Open every fold that is seen; the page has named what is in it when its own clock has gone that far."""
    page.evaluate("""() => {
      const folds = [...document.querySelectorAll("button.label-wrap:not(.open)")];
      for (const each of folds.filter((fold) => fold.offsetParent)) each.click();
      return new Promise((done) => setTimeout(done, 700));
    }""")


def strangers(lang: str, words: set[str], known: set[str]) -> list[str]:
    """Of the words on a page of an app on this machine, those in the other language; `known` beside given names."""
    if lang == "zh-CN":
        return untranslated(
            words,
            known
            | {find_device("cpu").name}
            | {text for row in ROWS for text in (row.title, row.licence, row.repo)},
        )
    return [word for word in words if CHINESE.search(word)]


def untranslated(words: set[str], known: set[Any]) -> list[str]:
    """Of the words on a Chinese page, those that are English: without a Chinese letter, and no known name."""
    longest = sorted((str(each) for each in known if each), key=len, reverse=True)
    names = re.compile("|".join(map(re.escape, longest)))
    rest = {word: NAMES.sub("", names.sub("", word)) for word in words}
    return sorted(word for word, left in rest.items() if ENGLISH.search(left) and not CHINESE.search(left))
