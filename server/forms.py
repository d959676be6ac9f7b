"""Make a multipart form of a task's options, so that /docs shows their bounds and choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import Field
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Form, Request

from pipelines.errors import InvalidOption
from pipelines.options import Options
from pipelines.signature import take_fields

T = TypeVar("T", bound=Options)


def form_of(noun: type[T], also: Iterable[str] = ()) -> Callable[..., Any]:
    """A FastAPI dependency that reads `noun` from the form; fields it does not know are refused.

    `also` names the form's other fields (files). Raises InvalidOption.
    """
    others = set(also)

    async def read(request: Request, **values: str | None) -> T:
        given = {name: value for name, value in values.items() if value is not None}
        await refuse_strangers(request, others | set(values))
        return noun.parse(given)

    return take_fields(read, noun, _form_field)


def fields_only(*names: str) -> Any:
    """A FastAPI dependency that refuses form fields of other names. Raises InvalidOption."""

    async def check(request: Request) -> None:
        await refuse_strangers(request, set(names))

    return Depends(check)


async def refuse_strangers(request: Request, known: Set[str]) -> None:
    """Raise InvalidOption for a form's field that is not known."""
    strangers = sorted(set(await request.form()) - known)
    if strangers:
        raise InvalidOption(f"There is no field {strangers[0]!r}.", "See /docs for the fields.")


def describe_option(item: Field[Any]) -> dict[str, Any]:
    """An option's line of text, default, choices and bounds, in OpenAPI's words."""
    facts = item.metadata
    shown = {"description": facts["help"], "default": item.default}
    if facts["choices"]:
        shown["enum"] = list(facts["choices"])
    if facts["low"] is not None:
        shown |= {"minimum": facts["low"], "maximum": facts["high"]}
    return shown


def _form_field(item: Field[Any]) -> Any:
    shown = describe_option(item)
    return Annotated[str | None, Form(description=shown.pop("description"), json_schema_extra=shown)]
