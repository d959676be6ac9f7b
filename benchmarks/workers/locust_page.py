"""The page as a browser uses it: its files, its upload, and Gradio's queue with the answers as a stream of events."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import Any

MANNER = "/gradio_api"
PHOTO = "matting-photo"
CONFIG = re.compile(r"window\.gradio_config = ")
FILES = re.compile(r'(?:src|href)="(\.?/?assets/[^"]+)"')


class Page:
    """One opened page: its components, its handlers and its session."""

    def __init__(self, guest: Any, photo: bytes, patience: float) -> None:
        self._guest, self._photo, self._patience = guest, photo, patience
        self._session = secrets.token_hex(6)
        self._parts, self._handlers = {}, []

    def open(self) -> bool:
        """Load what a browser loads first; whether that worked."""
        page = self._guest.ask("GET", "/")
        found = CONFIG.search(page.text) if page is not None else None
        if found is None:
            return False
        for path in FILES.findall(page.text)[:4]:
            self._guest.ask("GET", "/" + path.lstrip("./"), name="/assets/...")
        config, _ = json.JSONDecoder().raw_decode(page.text, found.end())
        self._parts = {part["id"]: (part["type"], part["props"]) for part in config["components"]}
        self._handlers = config["dependencies"]
        return True

    def look_about(self) -> None:
        """The header's state and the history's list, as timers and tabs ask for them."""
        self._run("look", 1)
        self._run("draw", 4)

    def cut_out(self) -> None:
        """Upload the photo and press the button."""
        sent = self._guest.ask(
            "POST", f"{MANNER}/upload", name="page: upload", files={"files": ("photo.jpg", self._photo)}
        )
        if sent is None:
            return
        meta = {"_type": "gradio.FileData"}
        photo = {"path": sent.json()[0], "orig_name": "photo.jpg", "meta": meta}
        handler = self._find("work", 15)
        start = time.perf_counter()
        answer = self._guest.ask(
            "POST", f"{MANNER}/queue/join", name="page: join", json=self._form(handler, {PHOTO: photo})
        )
        if answer is not None:
            self._tell("page: cut out", start, self._follow(answer.json()["event_id"]))

    def _run(self, name: str, inputs: int) -> None:
        """A handler that is not queued."""
        form = self._form(self._find(name, inputs), {})
        self._guest.ask("POST", f"{MANNER}/run/predict", name=f"page: {name}", json=form)

    def _find(self, name: str, inputs: int) -> dict[str, Any]:
        return next(
            each for each in self._handlers if each["api_name"] == name and len(each["inputs"]) == inputs
        )

    def _form(self, handler: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        parts = [self._parts[each] for each in handler["inputs"]]
        values = [
            given.get(props.get("elem_id"), empty_of(kind, props.get("value"))) for kind, props in parts
        ]
        return {"data": values, "fn_index": handler["id"], "session_hash": self._session}

    def _follow(self, event: str) -> str | None:
        """Read events until this one is done; None, or what was wrong."""
        query = {"session_hash": self._session}
        with self._guest.client.get(
            f"{MANNER}/queue/data",
            params=query,
            name="GET page: events",
            stream=True,
            timeout=self._patience,
            catch_response=True,
        ) as stream:
            for line in stream.iter_lines():
                told = json.loads(line[5:]) if line.startswith(b"data:") else {}
                if told.get("msg") == "process_completed" and told.get("event_id") == event:
                    return None if told["success"] else str(told.get("output"))[:200]
                if told.get("msg") == "unexpected_error":
                    return str(told.get("message"))[:200]
        return "the events ended"

    def _tell(self, name: str, start: float, trouble: str | None) -> None:
        """Enter a row of our own among the requests."""
        self._guest.environment.events.request.fire(
            request_type="POST",
            name=f"POST {name}",
            response_time=1000 * (time.perf_counter() - start),
            response_length=0,
            exception=RuntimeError(trouble) if trouble else None,
            context={},
        )


def empty_of(kind: str, value: Any) -> Any:
    """What a browser sends for a part that nobody has touched: an empty field is no null."""
    return "" if value is None and kind == "textbox" else value
