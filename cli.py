"""The same abilities from a shell: start, matting, models, bench. `./run.sh NAME` hands over to here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import Field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

import typer

from pipelines.errors import InkframeError, InvalidOption
from pipelines.matting.options import MattingOptions
from pipelines.settings import ROOT, Settings
from pipelines.signature import take_fields

if TYPE_CHECKING:
    from pipelines.studio import Studio

cli = typer.Typer(
    help="Inkframe, a local studio for pictures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
models = typer.Typer(
    help="See, fetch, convert and remove models.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(models, name="models")

Ids = Annotated[list[str], typer.Argument(help="Model ids, or: default, all.")]


def flags_of(noun: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command one flag for each field of `noun`."""

    def annotate(item: Field[Any]) -> Any:
        switch = isinstance(item.default, bool)
        choices = item.metadata.get("choices") or get_args(get_type_hints(noun)[item.name])
        shown = f"{item.metadata['help']} Default: {item.default if item.default != '' else 'none'}."
        metavar = "|".join(choices) if choices else None
        return Annotated[bool | None if switch else str | None, typer.Option(help=shown, metavar=metavar)]

    return lambda command: take_fields(command, noun, annotate)


@cli.command()
@flags_of(Settings)
def start(**flags: Any) -> None:
    """Start the page and the REST routes."""
    from app import serve

    serve(Settings.read(**flags))


@cli.command()
@flags_of(MattingOptions)
def matting(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A picture.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write: .png, .webp or .jpg.")],
    background_image: Annotated[
        Path | None, typer.Option(help="The background, with --background picture.")
    ] = None,
    **flags: Any,
) -> None:
    """Cut the subject out of a picture."""
    from pipelines.matting.save import cut_out_to_run

    given = {name: value for name, value in flags.items() if value is not None}
    given.setdefault("format", format_of(target))
    options, studio = MattingOptions.parse(given), open_the_studio()
    behind = studio.open(background_image, background_image.name) if background_image else None
    run, _ = cut_out_to_run(
        studio.open(source, source.name),
        options,
        studio.store,
        studio.history,
        background=behind,
        visible_label=studio.settings.visible_label,
    )
    write_whole(target, studio.history.file(run.id, run.results[0]).read_bytes())
    for note in run.notes:
        typer.echo(note, err=True)
    typer.echo(f"{target}  {run.timings['total']:.1f} s  {run.model['title']} on {run.device}")


@models.command("list")
def list_models() -> None:
    """Every model: state, size, licence."""
    from weights.hub.progress import describe

    studio = open_the_studio()
    for state in studio.downloads.states():
        typer.echo(f"{describe(state):<48}  {studio.catalogue[state.id].licence}")


@models.command()
def download(
    ids: Ids,
    accept_licence: Annotated[
        bool, typer.Option(help="Say yes to the licences of non-commercial models.")
    ] = False,
) -> None:
    """Fetch models from ModelScope and wait for them; goes on where an earlier try stopped."""
    studio = open_the_studio()
    wanted = expand(ids, studio)
    try:
        for model_id in wanted:
            studio.downloads.start(model_id, accept_licence)
        failed = follow(studio, wanted)
    finally:
        studio.close()
    if failed:
        raise typer.Exit(1)


@models.command()
def convert(
    ids: Annotated[list[str] | None, typer.Argument(help="CV-UNet model ids; all that are there.")] = None,
) -> None:
    """Turn downloaded CV-UNet graphs into ONNX files; done once, in a virtual environment of its own."""
    from weights.conversion.convert import convert as convert_graph
    from weights.files import locate

    studio = open_the_studio()
    convertible = [spec.id for spec in studio.catalogue if spec.loader == "cv-unet"]
    ready = [each for each in convertible if studio.downloads.state(each).usable]
    for model_id in ids or ready or convertible:
        if model_id not in convertible:
            raise InvalidOption(
                f"{model_id} needs no conversion.", f"Those that do: {', '.join(convertible)}."
            )
        files = locate(studio.catalogue[model_id], studio.settings.weights)
        path = convert_graph(
            files[0], studio.settings.weights, progress=typer.echo, offline=studio.settings.offline
        )
        typer.echo(f"{model_id}  {path}")


@models.command()
def delete(ids: Ids) -> None:
    """Remove downloaded models."""
    studio = open_the_studio()
    for model_id in expand(ids, studio):
        if studio.catalogue[model_id].source == "modelscope":
            typer.echo(f"{model_id}  {studio.delete_model(model_id) / 1e6:.0f} MB freed")


@cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Run a benchmark: the same as `python -m benchmarks NAME`."""
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *context.args])


def open_the_studio() -> Studio:
    """The studio of this shell's settings."""
    from pipelines.studio import open_studio

    return open_studio(Settings.read())


def expand(ids: list[str], studio: Studio) -> list[str]:
    """Model ids with `default` and `all` spelled out; raises ModelUnknown before anything is begun."""
    wanted: list[str] = []
    for each in ids:
        if each in ("default", "all"):
            wanted += [spec.id for spec in studio.catalogue.default_set(each, studio.device.kind)]
        else:
            wanted.append(studio.catalogue[each].id)
    return list(dict.fromkeys(wanted))


def follow(studio: Studio, ids: list[str]) -> bool:
    """Print progress until all have ended; True when one failed."""
    from weights.hub.progress import describe

    lines: dict[str, str] = {}
    failed = False
    for states in studio.downloads.follow(ids, interval=1.0):
        failed = any(state.status == "failed" for state in states)
        for state in states:
            line = describe(state)
            if lines.get(state.id) != line:
                lines[state.id] = line
                typer.echo(line)
    return failed


def format_of(target: Path) -> str:
    """The format that a file's ending asks for. Raises InvalidOption."""
    known = {".png": "png", ".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg"}
    if target.suffix.lower() not in known:
        raise InvalidOption(f"{target.name} has no ending that says its format.", "Use .png, .webp or .jpg.")
    return known[target.suffix.lower()]


def write_whole(target: Path, data: bytes) -> None:
    """Write under a temporary name, then rename. Raises OutputsUnwritable."""
    from pipelines.errors import OutputsUnwritable

    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputsUnwritable(
            f"{target} can't be written: {error.strerror}.", "Choose another place."
        ) from error


def main() -> None:
    """Run a command; an error that a person can act on is one line, not a traceback."""
    try:
        cli()
    except InkframeError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
