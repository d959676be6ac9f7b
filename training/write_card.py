"""Fill in the portrait net's card: `python -m training.write_card MODEL.onnx`, beside which it is written."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.table import format_table
from training.checkpoints import read_step
from training.folders import HELD_BACK, portrait_cache, read_names
from training.label_checks import read_kept

TEMPLATE = Path(__file__).with_name("portrait_card.md")


def fill_card(model: Path, figures: Path, labels: Path, steps: int) -> str:
    """The card's text for an exported model and what `training.evaluate_portrait` wrote about it."""
    found = json.loads(figures.read_text())
    means = found["mean"]
    head = ["net", *next(iter(means.values()))]
    data = model.read_bytes()
    return TEMPLATE.read_text().format(
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        steps=steps,
        labels=len(set(read_kept(labels)) - read_names(HELD_BACK)),
        held_back=len(found["pictures"]),
        table=format_table(head, [[name, *row.values()] for name, row in means.items()]),
        judged=tell_judged(found),
    )


def tell_judged(found: dict[str, Any]) -> str:
    """The figures against a net that had no part in the labels, if they were taken."""
    if not found.get("judged"):
        return ""
    head = ["net", *next(iter(found["judged"].values()))]
    table = format_table(head, [[name, *row.values()] for name, row in found["judged"].items()])
    return (
        f"Against IS-Net for general use, which had no part in the labels, on the {found['agreed']} photos where it\n"
        f"means the same person as the label; the labels themselves stand in the first row:\n\n{table}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    cache = portrait_cache()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--figures", type=Path, default=cache / "evaluation" / "figures.json")
    parser.add_argument("--labels", type=Path, default=cache / "labels")
    parser.add_argument("--checkpoint", type=Path, default=cache / "run" / "latest.pt")
    options = parser.parse_args(arguments)
    out = options.model.with_suffix(".md")
    steps = read_step(options.checkpoint)
    out.write_text(fill_card(options.model, options.figures, options.labels, steps))
    print(out)


if __name__ == "__main__":
    main()
