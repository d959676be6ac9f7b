"""What the page says when something fails: the reason and the way out, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from pipelines.errors import InkframeError
from ui.texts import say
from ui.translate import translate

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """One failure in the page's language: what happened, what to do."""

    message: str
    hint: str


def explain(error: Exception, lang: str) -> Failure:
    """Put an error into words. One that Inkframe does not explain itself is logged whole."""
    if isinstance(error, InkframeError):
        return Failure(translate(error.message, lang), translate(error.hint, lang))
    log.error("the page failed", exc_info=error)
    return Failure(say("error.generic", lang), say("error.generic_hint", lang))


def toast(failure: Failure, lang: str) -> Any:
    """The failure as an exception that Gradio shows; its text is HTML there, so it is escaped."""
    text = f"{failure.message} {failure.hint}".strip()
    return gr.Error(escape(text), title=say("error.title", lang), print_exception=False)


@contextmanager
def told(lang: str) -> Iterator[None]:
    """Show whatever goes wrong inside as a toast; what Gradio itself raises passes."""
    try:
        yield
    except gr.Error:
        raise
    except Exception as error:  # the page's last line of defence: logged in explain
        raise toast(explain(error, lang), lang) from error
