"""Fill in the cartoon net's card: `python -m training.write_cartoon_card MODEL.onnx`, beside which it is written."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.table import format_table
from training.checkpoints import read_step
from training.evaluate_cartoon import TABLE_HEAD, table_rows
from training.folders import training_cache

TEMPLATE = Path(__file__).with_name("cartoon_card.md")


def fill_card(model: Path, figures: Path, pairs: int, steps: int) -> str:
    """The card's text for an exported model and what `training.evaluate_cartoon` wrote about it."""
    found = json.loads(figures.read_text())
    data = model.read_bytes()
    return TEMPLATE.read_text().format(
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        steps=steps,
        pairs=pairs,
        photos=" and ".join(f"{count} {part}s" for part, count in found["photos"].items()),
        table=format_table(TABLE_HEAD, table_rows(found["mean"])),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    cache = training_cache("cartoon")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--figures", type=Path, default=cache / "evaluation" / "figures.json")
    parser.add_argument("--pairs", type=Path, default=cache / "pairs")
    parser.add_argument("--checkpoint", type=Path, default=cache / "run" / "latest.pt")
    options = parser.parse_args(arguments)
    out = options.model.with_suffix(".md")
    pairs = len(list(options.pairs.glob("*.npy")))
    out.write_text(fill_card(options.model, options.figures, pairs, read_step(options.checkpoint)))
    print(out)


if __name__ == "__main__":
    main()
