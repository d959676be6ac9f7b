"""Which nets made a result, and how that is told in its run and in its file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from weights.spec import ModelSpec


@dataclass(frozen=True)
class Net:
    """A net that had a say, which file it came from, and on which device it worked."""

    spec: ModelSpec
    version: str
    device: str


def describe_nets(nets: Sequence[Net]) -> dict[str, str]:
    """What run.json says of the model; of several what each says, joined."""
    return {
        "id": name_nets(nets),
        "title": _join(" + ", (net.spec.title for net in nets)),
        "version": _join("+", (net.version for net in nets)),
        "licence": _join(", ", (net.spec.licence for net in nets)),
        "source": _join(", ", (net.spec.source for net in nets)),
    }


def name_nets(nets: Sequence[Net]) -> str:
    """The nets' ids: "portrait+u2netp"."""
    return _join("+", (net.spec.id for net in nets))


def _join(mark: str, texts: Iterable[str]) -> str:
    """Each text once, in order."""
    return mark.join(dict.fromkeys(texts))
