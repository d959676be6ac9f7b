"""Why a file of the input can't be done, in sentences for the manifest and the page."""

from __future__ import annotations

from pipelines.batch.entry import RowStatus

NOT_A_PICTURE = "This file is not a picture."
LINK = "This is a link, and links are not followed."
SPECIAL = "This is not an ordinary file."
ENCRYPTED = "This file is protected by a password. Pack it again without one."
COMPRESSION = "This file is packed with {method}, which is not read. Pack it again as an ordinary zip."
RATIO = "This file unpacks to more than {ratio} times its size, as zip bombs do."
TOO_BIG = "The file has {size:.1f} MB; {limit:g} MB is the limit. Scale the picture down."
LONG_NAME = "Its name has more than 4096 bytes."
DAMAGED = "This file is damaged in the zip."
CUT_OFF = "This file is cut off in the zip."
LOST = (
    "The zip is damaged and its list of files is lost. What could still be found was read; "
    "anything else is gone."
)
TOO_DEEP = "This zip is inside a zip inside a zip. Only one level is opened."
NOTHING_INSIDE = "There is nothing in it."
UNREADABLE = "This file can't be read ({reason})."


def status_of(fault: str) -> RowStatus:
    """The status of a row whose entry has this fault: "skipped" for what never was a picture."""
    return "skipped" if fault == NOT_A_PICTURE else "failed"
