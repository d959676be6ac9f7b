"""Gradio's import without the stubs that it writes for editors, which take longer than all else in it.

For each of its components Gradio reads its own source, parses it and brings a .pyi file beside it up to date, at every
start of every program: half of the time that the import takes, and a race between two that start.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

WRITER, WRITE = "gradio.component_meta", "create_or_modify_pyi"
"""Gradio's module that writes stubs, and its function for one component."""


def leave_out_stubs() -> None:
    """Import Gradio without its stubs from now on; what was imported before stays as it is."""
    if WRITER not in sys.modules:
        sys.meta_path.insert(0, Stubless())


class Stubless(MetaPathFinder):
    """Finds the one module, and takes its function's work away once it is there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != WRITER:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_without(module: ModuleType) -> None:
                execute(module)
                setattr(module, WRITE, lambda *_: None)

            spec.loader.exec_module = execute_without  # type: ignore[method-assign]
        return spec
