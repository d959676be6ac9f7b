"""`diffusion` from a shell: a model films a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli_files import check_out, copy_result
from cli_progress import ProgressLine
from cli_video import follow, format_of, read_order

if TYPE_CHECKING:
    from pipelines.studio import Studio


def film_picture(studio: Studio, picture: Path, target: Path, given: Mapping[str, Any]) -> None:
    """Film a picture into `target`, and keep it as a run."""
    from pipelines.image_to_video.diffusion import check_ready
    from pipelines.image_to_video.diffusion_options import DiffusionOptions
    from pipelines.image_to_video.make_shot import make_shot, plan_order

    options = DiffusionOptions.parse({"format": format_of(target), **given})
    check_out(target, [picture], options.format, format_of(target))
    options = options.settle()
    plan = plan_order(studio, read_order(studio, [picture], None), options)
    check_ready(studio, plan.engine.model)
    with ProgressLine() as line:
        run = make_shot(studio, plan, follow(line))
    copy_result(studio, run, target)
    width, height = plan.size
    typer.echo(
        f"{target}  {plan.frames} frames of {width}x{height}  seed {options.seed:.0f}  "
        f"{run.timings['total']:.1f} s"
    )
