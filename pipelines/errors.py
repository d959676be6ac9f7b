"""Every error that Inkframe explains to its user; anything else is a defect and is logged whole."""

from weights.errors import (
    ConversionFailed,
    DiskFull,
    HubUnreachable,
    InkframeError,
    LicenceNotAccepted,
    ModelDamaged,
    ModelMissing,
    ModelUnknown,
    OutOfMemory,
)

__all__ = [
    "BadInput",
    "Busy",
    "ConversionFailed",
    "DeviceUnavailable",
    "DiskFull",
    "HubUnreachable",
    "InkframeError",
    "InvalidOption",
    "LicenceNotAccepted",
    "ModelDamaged",
    "ModelMissing",
    "ModelUnknown",
    "NotAnImage",
    "NotFound",
    "OutOfMemory",
    "OutputsUnwritable",
    "TooLarge",
]


class BadInput(InkframeError):
    """The file is empty, cut off or otherwise unusable."""

    code, status = "bad_input", 400


class NotFound(InkframeError):
    """No run, job or file has that name."""

    code, status = "not_found", 404


class TooLarge(InkframeError):
    """The upload or the picture is over a limit."""

    code, status = "too_large", 413


class NotAnImage(InkframeError):
    """The file is of a kind that Inkframe does not read."""

    code, status = "not_an_image", 415


class InvalidOption(InkframeError):
    """An option has a value that it does not take."""

    code, status = "invalid_option", 422


class DeviceUnavailable(InkframeError):
    """The device that was asked for is not in this machine."""

    code, status = "device_unavailable", 503


class Busy(InkframeError):
    """More work is waiting than the server takes on."""

    code, status = "busy", 503


class OutputsUnwritable(InkframeError):
    """The outputs folder can't be written."""

    code, status = "outputs_unwritable", 503
