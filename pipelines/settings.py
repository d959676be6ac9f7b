"""Everything a person who runs Inkframe can set, as one frozen dataclass.

Each field is read from the environment (`INKFRAME_PORT`, ...) and, through `cli.py start`, from a flag of
the same name. `docs/settings.md` lists them; a test holds that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from pipelines.errors import InvalidOption
from pipelines.options import parse_flag

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "INKFRAME_"


def setting(default: Any, help: str) -> Any:
    """A field with the line of text that its flag and the docs show."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """See each field's help."""

    host: str = setting("127.0.0.1", "Address to listen on; 0.0.0.0 lets others on the network in.")
    port: int = setting(7860, "Port of the page and of the REST routes.")
    outputs: Path = setting(ROOT / "outputs", "Folder of the results, one sub-folder a run.")
    weights: Path = setting(ROOT / "weights" / "cache", "Folder of the downloaded models.")
    device: Literal["auto", "cuda", "cpu"] = setting(
        "auto", "Where models run; cuda is an error without a GPU."
    )
    tensorrt: bool = setting(
        False, "Use TensorRT on a GPU where it is installed: slow first run, then faster."
    )
    models: Literal["none", "default", "all"] = setting(
        "default", "What first start fetches from ModelScope."
    )
    offline: bool = setting(False, "Never open a connection to the outside.")
    modelscope_endpoint: str = setting("", "Another address of the ModelScope hub.")
    model_memory_mb: int = setting(4096, "Memory for loaded models; the least recently used one goes first.")
    max_upload_mb: int = setting(100, "Largest upload, in MB.")
    max_pixels: int = setting(64_000_000, "Largest picture, in pixels; more is refused before it is decoded.")
    workers: int = setting(2, "Pictures worked on at the same time.")
    queue: int = setting(
        64, "Pictures over REST, and handlers of the page, that may wait; more are answered with 503."
    )
    jobs: int = setting(2, "Batches and films worked on at the same time; others wait.")
    live_sessions: int = setting(
        8, "Webcam Style pages that may be live at once; more are told that all places are taken."
    )
    job_queue: int = setting(200, "Batches and films that may wait; more are answered with 503.")
    max_batch_mb: int = setting(4000, "Largest upload of one batch, all its files together, in MB.")
    max_batch_files: int = setting(20_000, "Most files in one batch, those inside its zips counted.")
    max_batch_unpacked_mb: int = setting(40_000, "Most that the zips of one batch may unpack to, in MB.")
    max_zip_ratio: int = setting(
        200, "How many times its packed size a file in a zip may have; more is taken for a zip bomb."
    )
    max_film_mb: int = setting(2000, "Largest upload of a film, in MB.")
    max_film_minutes: int = setting(60, "Longest film that is redrawn, in minutes.")
    input_folders: str = setting(
        "",
        "Folders of this machine that the page and REST may take pictures from, with : between them "
        "(; on Windows). The command line may read any.",
    )
    login: str = setting("", "NAME:PASSWORD that opens the page and the REST routes; empty for no login.")
    token: str = setting("", "Bearer token that opens the REST routes and the page; empty for none.")
    rate_limit: int = setting(6000, "Requests a minute from one address; more are answered with 429. 0: any.")
    allowed_hosts: str = setting(
        "",
        "Public names that the server goes by, with commas between them; * for any. Addresses, localhost and "
        "names inside a network need not be named.",
    )
    visible_label: bool = setting(False, "Also print a visible AI label into each result.")
    log_level: Literal["debug", "info", "warning", "error"] = setting("info", "How much is logged.")

    @property
    def wants_sign_in(self) -> bool:
        """Whether a login or a token guards the server."""
        return bool(self.login or self.token)

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1_000_000

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, **flags: Any) -> Settings:
        """Merge flags over the environment over the defaults.

        A flag that is None was not given, nor was an empty text where an empty one means nothing: as a path it would
        be the current folder, as a host every address.

        Raises InvalidOption naming the variable or flag whose value does not fit.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        hints = get_type_hints(cls)
        for item in fields(cls):
            assert item.default is not MISSING
            flag, variable = "--" + item.name.replace("_", "-"), PREFIX + item.name.upper()
            for name, value in ((flag, flags.get(item.name)), (variable, environ.get(variable))):
                if value is not None and (value != "" or item.default == ""):
                    values[item.name] = _parse(value, hints[item.name], name)
                    break
        _check_login(values.get("login", ""))
        return cls(**values)


def _check_login(login: str) -> None:
    # Nobody could ever sign in. The value is a secret and is not repeated.
    if login and ":" not in login:
        raise InvalidOption("The login has no colon.", "Write it as NAME:PASSWORD.")


def _parse(value: Any, kind: Any, name: str) -> Any:
    choices = get_args(kind)
    if choices:
        return _one_of(str(value).lower(), choices, name)
    if kind is bool:
        return parse_flag(name, str(value))
    if kind is int:
        return _whole(value, name)
    return _folder(value, name) if kind is Path else str(value)


def _folder(value: str | Path, name: str) -> Path:
    try:
        path = Path(value).expanduser().resolve()
    except RuntimeError as error:  # a user that is not there; a link in a circle
        raise InvalidOption(f"{name} can't be {str(value)!r}.", "Write the folder's whole path.") from error
    found = next((each for each in (path, *path.parents) if os.path.lexists(each)), path)
    if not os.path.isdir(found):
        raise InvalidOption(f"{name} can't be {str(value)!r}.", f"{found} is a file, not a folder.")
    return path


def _one_of(text: str, choices: tuple[Any, ...], name: str) -> str:
    if text not in choices:
        raise InvalidOption(f"{name} can't be {text!r}.", f"Use one of: {', '.join(choices)}.")
    return text


def _whole(value: Any, name: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = -1
    if number < 0:
        raise InvalidOption(f"{name} can't be {value!r}.", "Use a whole number from 0 up.")
    return number
