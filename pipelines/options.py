"""Options as data: one dataclass a task, from which sliders, form fields and flags are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from pipelines.errors import InvalidOption

T = TypeVar("T", bound="Options")
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def option(
    default: Any,
    help: str,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A field with the bounds, choices and line of text that its control shows."""
    facts = {"help": help, "low": low, "high": high, "step": step, "choices": choices}
    return field(default=default, metadata=facts)


@dataclass(frozen=True)
class Options:
    """Base of a task's options: made of `option` fields, checked when made.

    Raises InvalidOption when a value is outside its bounds or choices.
    """

    def __post_init__(self) -> None:
        for item in fields(self):
            _check(item.name, getattr(self, item.name), item.metadata)

    @classmethod
    def parse(cls: type[T], given: Mapping[str, Any]) -> T:
        """Build from texts (form fields, flags); unknown names and unreadable values raise InvalidOption."""
        known = {item.name: item for item in fields(cls)}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise InvalidOption(f"There is no option {unknown[0]!r}.", f"Options are: {', '.join(known)}.")
        return cls(**{name: _read(name, value, known[name].default) for name, value in given.items()})


def parse_flag(name: str, text: str) -> bool:
    """true/false as people write it. Raises InvalidOption."""
    lowered = text.strip().lower()
    if lowered not in TRUE | FALSE:
        raise InvalidOption(f"{name} can't be {text!r}.", "Use true or false.")
    return lowered in TRUE


def _check(name: str, value: Any, facts: Mapping[str, Any]) -> None:
    choices, low, high = facts["choices"], facts["low"], facts["high"]
    if choices and value not in choices:
        raise InvalidOption(f"{name} can't be {value!r}.", f"Use one of: {', '.join(filter(None, choices))}.")
    if low is not None and not low <= value <= high:
        raise InvalidOption(f"{name} can't be {value:g}.", f"Use a number from {low:g} to {high:g}.")


def _read(name: str, value: Any, default: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(default, bool):
        return parse_flag(name, value)
    if isinstance(default, float):
        try:
            return float(value)
        except ValueError:
            raise InvalidOption(f"{name} can't be {value!r}.", "Use a number.") from None
    return value.strip()
