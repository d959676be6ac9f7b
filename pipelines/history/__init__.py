"""Every finished run in a folder of its own, and the index that finds it."""

from pipelines.history.draft import Draft
from pipelines.history.run import Run, RunInput
from pipelines.history.shelf import History

__all__ = ["Draft", "History", "Run", "RunInput"]
