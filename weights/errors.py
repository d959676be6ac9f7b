"""Errors of model files, and the base class of every error that Inkframe explains to its user."""


class InkframeError(Exception):
    """Something the user can act on.

    `message` says what happened, `hint` what to do about it. `code` is a stable name for programs and
    `status` the HTTP status that the REST routes answer with.
    """

    code = "error"
    status = 400

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ModelUnknown(InkframeError):
    """No row of the catalogue has that id."""

    code, status = "model_unknown", 404


class ModelMissing(InkframeError):
    """The model's files are not on this machine yet."""

    code, status = "model_missing", 409


class ModelDamaged(InkframeError):
    """A file of the model is not the one that was published."""

    code, status = "model_damaged", 409


class ConversionFailed(InkframeError):
    """A TensorFlow graph could not be turned into the ONNX file that the app runs."""

    code, status = "conversion_failed", 503


class LicenceNotAccepted(InkframeError):
    """A non-commercial model was asked for before its licence was accepted."""

    code, status = "licence_not_accepted", 409


class HubUnreachable(InkframeError):
    """ModelScope did not answer, or answered with an error."""

    code, status = "hub_unreachable", 503


class DiskFull(InkframeError):
    """There is not enough free space for what is to be written."""

    code, status = "disk_full", 503


class OutOfMemory(InkframeError):
    """The device ran out of memory inside a model."""

    code, status = "out_of_memory", 503
