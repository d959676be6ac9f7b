"""Which licences the user has said yes to."""

from __future__ import annotations

import json
import logging
import threading
from datetime import datetime
from pathlib import Path

from weights.errors import LicenceNotAccepted
from weights.manifest import write_json
from weights.spec import ModelSpec

log = logging.getLogger(__name__)

NAME = "licences.json"


class Licences:
    """Yeses by model id, kept in `folder`/licences.json with the licence's name and the time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._guard = threading.Lock()

    def accepted(self, spec: ModelSpec) -> bool:
        """Whether the model may be fetched: it is free for commercial use, or its licence had a yes.

        A yes counts for the licence that was shown; another licence on the same model asks anew.
        """
        if spec.commercial:
            return True
        given = self._read().get(spec.id)
        return isinstance(given, dict) and given.get("licence") == spec.licence

    def accept(self, spec: ModelSpec) -> None:
        """Remember a yes."""
        with self._guard:
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            known = {**self._read(), spec.id: {"licence": spec.licence, "accepted": now}}
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_json(self._path, known)

    def demand(self, spec: ModelSpec) -> None:
        """Raise LicenceNotAccepted unless the model may be fetched."""
        if not self.accepted(spec):
            raise LicenceNotAccepted(
                f"{spec.title} is under a licence that needs your yes: {spec.licence}.",
                "Accept the licence on the Models page, or with: "
                f"./run.sh models download {spec.id} --accept-licence",
            )

    def _read(self) -> dict[str, object]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            log.warning("%s can't be read; licences have to be accepted again", self._path)
            return {}
        return data if isinstance(data, dict) else {}
