"""`cartoon` from a shell: one picture redrawn, or a sheet of all styles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli_files import check_out, copy_result, format_of, name_of, tell_run
from pipelines.cartoon.options import CartoonOptions
from pipelines.errors import InvalidOption

if TYPE_CHECKING:
    from pipelines.studio import Studio


def cartoonize_one(studio: Studio, source: Path, target: Path, given: Mapping[str, Any]) -> None:
    """Redraw one picture into a file."""
    from pipelines.cartoon.save import cartoonize_to_run

    options = CartoonOptions.parse({"format": format_of(target), **given})
    check_out(target, [source], options.format, format_of(target))
    picture = studio.open(source, name_of(source))
    run, made = cartoonize_to_run(
        picture, options, studio.store, studio.history, visible_label=studio.settings.visible_label
    )
    copy_result(studio, run, target)
    typer.echo(f"{tell_run(run, target)}  {tell_faces(len(made.faces))}")


def draw_all_styles(studio: Studio, source: Path, target: Path, given: Mapping[str, Any]) -> None:
    """Draw one picture in every style into one PNG. Raises InvalidOption for another kind of file."""
    from pipelines.cartoon.save import sheet_to_run

    if format_of(target) != "png":
        raise InvalidOption("A sheet is a PNG.", "Name a file that ends in .png.")
    options = CartoonOptions.parse(given)
    check_out(target, [source], options.format, "png")
    picture = studio.open(source, name_of(source))
    run = sheet_to_run(
        picture, options, studio.store, studio.history, visible_label=studio.settings.visible_label
    )
    copy_result(studio, run, target)
    typer.echo(tell_run(run, target))


def tell_faces(count: int) -> str:
    """How many faces were found, for --faces."""
    return f"{count} face" if count == 1 else f"{count} faces"
