"""List the files of a zip as entries, lazily: its list is read, and the data only of a file that is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipelines.batch import faults
from pipelines.batch.entry import Entry
from pipelines.batch.file_opening import refuse
from pipelines.batch.kinds import (
    HEAD,
    has_picture_ending,
    has_zip_ending,
    is_left_out,
    starts_like_picture,
)
from pipelines.batch.limits import Budget, Limits, find_size_fault
from pipelines.batch.nested_zips import NestedZips
from pipelines.batch.output_names import make_relative
from pipelines.batch.zip_layout import Member
from pipelines.batch.zip_listing import list_members
from pipelines.batch.zip_methods import AES, METHODS, name_method
from pipelines.batch.zip_names import decode_name
from pipelines.batch.zip_stream import Archive, open_member
from pipelines.errors import BadInput

SMALL = 10_000_000
"""Bytes up to which a file may unpack to any number of times its size: plain BMPs do, and bombs are large."""


@dataclass(frozen=True)
class Place:
    """Where in the batch a zip stands: its name, and what comes before its files' paths and outputs."""

    name: str
    path: str = ""
    output: str = ""
    inner: bool = False


def read_zip(archive: Archive, place: Place, budget: Budget, scratch: Path | None) -> Iterator[Entry]:
    """List a zip's files in its own order; an entry's `output` is its name before it is made safe and unique.

    A zip inside it is listed like a folder; one inside that is an entry with a fault. Raises BadInput when
    the file is no zip that can be read, TooLarge.
    """
    nested = NestedZips(archive, scratch)
    with archive() as stream:
        listing = list_members(stream, place.name, budget)
        for member in listing.members:
            text, odd = decode_name(member, listing.encoding)
            name, notes = make_relative(text)
            if not member.is_folder and not text.endswith("\\") and not is_left_out(name):
                opener = partial(open_member, archive, member)
                size, path, output = member.size, place.path + name, place.output + name
                entry = Entry(path, output, size, opener, notes=(*odd, *notes))
                yield from _sort_out(entry, member, place, nested, budget)
    if listing.lost:
        yield Entry(place.path.rstrip("/") or place.name, "", 0, partial(refuse, faults.LOST), faults.LOST)


def _sort_out(
    entry: Entry, member: Member, place: Place, nested: NestedZips, budget: Budget
) -> Iterator[Entry]:
    if has_zip_ending(entry.path):
        yield from _open_inner(entry, member, place, nested, budget)
        return
    limits = budget.limits
    fault = _find_fault(member) or find_size_fault(member.size, limits) or _find_ratio_fault(member, limits)
    if not member.is_link and not has_picture_ending(entry.path) and (fault or not _is_picture(entry)):
        fault = faults.NOT_A_PICTURE
    if not fault:
        budget.add_unpacked(member.size)
    yield replace(entry, fault=fault)


def _open_inner(
    entry: Entry, member: Member, place: Place, nested: NestedZips, budget: Budget
) -> Iterator[Entry]:
    fault = _find_fault(member) or _find_ratio_fault(member, budget.limits)
    fault = fault or (faults.TOO_DEEP if place.inner else "")
    if fault:
        yield replace(entry, fault=fault)
        return
    budget.add_unpacked(member.size)
    inner = Place(entry.path, f"{entry.path}/", f"{entry.output[: -len('.zip')]}/", inner=True)
    empty = True
    try:
        for found in read_zip(partial(nested.open, member), inner, budget, nested.scratch):
            yield replace(found, notes=(*entry.notes, *found.notes))
            empty = False
    except BadInput as error:
        yield replace(entry, fault=str(error))
        return
    if empty:
        yield replace(entry, fault=faults.NOTHING_INSIDE)


def _find_fault(member: Member) -> str:
    if member.encrypted or member.method == AES:
        return faults.ENCRYPTED
    if member.is_link:
        return faults.LINK
    if member.is_special:
        return faults.SPECIAL
    if member.method not in METHODS:
        return faults.COMPRESSION.format(method=name_method(member.method))
    return member.fault


def _find_ratio_fault(member: Member, limits: Limits) -> str:
    bomb = member.size > SMALL and member.size > limits.max_ratio * member.packed
    return faults.RATIO.format(ratio=limits.max_ratio) if bomb else ""


def _is_picture(entry: Entry) -> bool:
    """Whether a file without a picture's ending is one by its first bytes."""
    try:
        with entry.open() as stream:
            return starts_like_picture(stream.read(HEAD))
    except BadInput:
        return False
