"""Turn a dataclass's fields into a function's parameters, for frameworks that read signatures."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any


def take_fields(
    function: Callable[..., Any], noun: type, annotate: Callable[[Field[Any]], Any]
) -> Callable[..., Any]:
    """Give `function` - which ends in **values - one optional keyword parameter for each field of `noun`.

    `annotate` makes the parameter's annotation (FastAPI's Form, typer's Option); its default is None, which
    stands for "not given".
    """
    own = inspect.signature(function, eval_str=True).parameters.values()
    kept = [each for each in own if each.kind is not inspect.Parameter.VAR_KEYWORD]
    added = [
        inspect.Parameter(item.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotate(item))
        for item in fields(noun)
    ]
    signature = inspect.Signature([*kept, *added])
    function.__signature__ = signature  # type: ignore[attr-defined]
    function.__annotations__ = {each.name: each.annotation for each in signature.parameters.values()}
    return function
