"""Fill in the style net's card: `python -m training.write_style_card MODEL.onnx`, beside which it is written."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.table import format_table
from training.checkpoints import read_step
from training.evaluate_style import TABLE_HEAD, table_rows
from training.folders import training_cache
from training.style_pictures import read_names_of

TEMPLATE = Path(__file__).with_name("style_card.md")


def fill_card(model: Path, figures: Path, names: Sequence[str], steps: int) -> str:
    """The card's text for an exported model and what `training.evaluate_style` wrote about it."""
    found = json.loads(figures.read_text())
    data = model.read_bytes()
    return TEMPLATE.read_text().format(
        file=model.name,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        steps=steps,
        count=len(names),
        names=", ".join(names),
        photos=found["photos"],
        table=format_table(TABLE_HEAD, table_rows(found["nets"])),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    cache = training_cache("style")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--figures", type=Path, default=cache / "evaluation" / "figures.json")
    parser.add_argument("--checkpoint", type=Path, default=cache / "run" / "latest.pt")
    options = parser.parse_args(arguments)
    names, steps = read_names_of(options.checkpoint.parent), read_step(options.checkpoint)
    out = options.model.with_suffix(".md")
    out.write_text(fill_card(options.model, options.figures, names, steps))
    print(out)


if __name__ == "__main__":
    main()
