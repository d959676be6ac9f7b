"""The Matting tab's options: one definition from which the page, REST and the command line are made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any

from pipelines.errors import InvalidOption

REFINES = ("off", "fast", "fine")
FORMATS = ("png", "webp", "jpeg")
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")


def option(
    default: Any,
    help: str,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A field with the bounds, choices and line of text that its control shows."""
    return field(
        default=default, metadata={"help": help, "low": low, "high": high, "step": step, "choices": choices}
    )


@dataclass(frozen=True)
class MattingOptions:
    """See each field's help. Raises InvalidOption when a value is outside its bounds or choices."""

    model: str = option("u2netp", "Which net finds the subject.")
    refine: str = option("fast", "How carefully edges and hair are drawn.", choices=REFINES)
    background: str = option("transparent", "transparent, blur, picture or a colour such as #ffffff.")
    despill: float = option(
        1.0, "How much of the old background's colour is taken out of the edges.", 0, 1, 0.05
    )
    edge: float = option(
        0.0, "Moves the outline: below 0 cuts closer, above 0 keeps more (pixels).", -20, 20, 0.5
    )
    feather: float = option(0.0, "Softens the outline (pixels).", 0, 50, 0.5)
    threshold: float = option(
        0.0, "Makes the outline hard: 0 keeps soft edges, else parts below it vanish.", 0, 1, 0.05
    )
    fill_holes: bool = option(False, "Closes holes inside the subject.")
    largest: bool = option(False, "Keeps only the largest piece.")
    blur: float = option(20.0, "How strongly a blurred background is blurred (pixels at 1000 px).", 1, 100, 1)
    crop: bool = option(False, "Cuts the picture to the subject.")
    margin: float = option(5.0, "Room around the subject when cropping (percent of its size).", 0, 100, 1)
    format: str = option("png", "File type of the result.", choices=FORMATS)

    def __post_init__(self) -> None:
        for item in fields(self):
            _check(item.name, getattr(self, item.name), item.metadata)
        named = self.background in ("transparent", "blur", "picture")
        if not named and not HEX.fullmatch(self.background):
            raise InvalidOption(
                f"background can't be {self.background!r}.",
                "Use transparent, blur, picture or a colour such as #ffffff.",
            )

    @classmethod
    def parse(cls, given: dict[str, Any]) -> MattingOptions:
        """Build from texts (form fields, flags); unknown names and unreadable values raise InvalidOption."""
        known = {item.name: item for item in fields(cls)}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise InvalidOption(f"There is no option {unknown[0]!r}.", f"Options are: {', '.join(known)}.")
        return cls(**{name: _read(name, value, known[name].default) for name, value in given.items()})


def _check(name: str, value: Any, metadata: Any) -> None:
    choices, low, high = metadata["choices"], metadata["low"], metadata["high"]
    if choices and value not in choices:
        raise InvalidOption(f"{name} can't be {value!r}.", f"Use one of: {', '.join(choices)}.")
    if low is not None and not low <= value <= high:
        raise InvalidOption(f"{name} can't be {value:g}.", f"Use a number from {low:g} to {high:g}.")


def _read(name: str, value: Any, default: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(default, bool):
        lowered = value.strip().lower()
        if lowered in ("1", "true", "yes", "on"):
            return True
        if lowered in ("0", "false", "no", "off", ""):
            return False
        raise InvalidOption(f"{name} can't be {value!r}.", "Use true or false.")
    if isinstance(default, float):
        try:
            return float(value)
        except ValueError:
            raise InvalidOption(f"{name} can't be {value!r}.", "Use a number.") from None
    return value.strip()
