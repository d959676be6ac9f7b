"""What became of every file of a batch: manifest.csv for people, manifest.json for programs.

The table starts with a byte order mark, so that Excel reads it as UTF-8. A text that a spreadsheet would take
for a formula gets a ' before it, there and only there; the JSON has every text as it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.batch.entry import Row
from pipelines.history.writing import writing

CSV_FILE, JSON_FILE = "manifest.csv", "manifest.json"
COLUMNS = (*(item.name for item in fields(Row)), "settings")
FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n]")
"""How texts start that spreadsheets run (OWASP's "CSV injection")."""
BYTE_ORDER_MARK = "\ufeff"


def write_manifests(folder: Path, rows: Iterable[Row], facts: Mapping[str, Any]) -> None:
    """Write both files into a folder, row by row, each under a temporary name until it is whole.

    `facts` are what is said of the whole job; its "settings", if any, also stand in each row of the table.
    Raises DiskFull, OutputsUnwritable.
    """
    targets = [folder / CSV_FILE, folder / JSON_FILE]
    partial = [path.with_name(f".partial-{path.name}") for path in targets]
    with writing(folder):
        try:
            with ExitStack() as stack:
                table, tree = (stack.enter_context(path.open("wb")) for path in partial)
                _write(table, tree, rows, facts)
            for path, target in zip(partial, targets, strict=True):
                path.replace(target)
        finally:
            for path in partial:
                path.unlink(missing_ok=True)


def render_manifests(rows: Iterable[Row], facts: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The content of manifest.csv and of manifest.json, for a zip of what is done so far."""
    table, tree = io.BytesIO(), io.BytesIO()
    _write(table, tree, rows, facts)
    return table.getvalue(), tree.getvalue()


def _write(table: BinaryIO, tree: BinaryIO, rows: Iterable[Row], facts: Mapping[str, Any]) -> None:
    settings = _dump(facts.get("settings", {}))
    table.write(_encode(BYTE_ORDER_MARK + _line(COLUMNS)))
    tree.write(_encode(f'{{\n"job": {_dump(facts)},\n"files": ['))
    for number, row in enumerate(rows):
        table.write(_encode(_line([*map(_cell, asdict(row).values()), _cell(settings)])))
        tree.write(_encode(f"{',' if number else ''}\n{_dump(asdict(row))}"))
    tree.write(b"\n]\n}\n")


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(value: object) -> object:
    text = " ".join(value) if isinstance(value, tuple) else value
    return f"'{text}" if isinstance(text, str) and FORMULA.match(text) else text


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _encode(text: str) -> bytes:
    return text.encode(errors="backslashreplace")
