"""What the download client's complaints mean to the user."""

from __future__ import annotations

from pathlib import Path

from weights.errors import DiskFull, HubUnreachable, InkframeError, ModelDamaged
from weights.hub.client_process import ClientFault, HubClient
from weights.spec import ModelSpec

KEPT = "what has arrived is kept"


def explain_fault(fault: ClientFault, spec: ModelSpec, client: HubClient, cache: Path) -> InkframeError:
    """An error with a message and a hint for each kind of weights.hub.client.kind_of."""
    where = f"{spec.repo} on {client.address}"
    known: dict[str, InkframeError] = {
        "network": HubUnreachable(
            f"ModelScope can't be reached ({client.address}).",
            f"Check the network and start again; {KEPT}. Models already here go on working.",
        ),
        "absent": HubUnreachable(
            f"The hub doesn't have what {spec.title} needs: {where}.", "It may have moved: update Inkframe."
        ),
        "refused": HubUnreachable(
            f"The hub refused {where}.", "Set MODELSCOPE_API_TOKEN to the token of an account with access."
        ),
        "damaged": ModelDamaged(
            f"{spec.title} arrived damaged: its contents are not what the hub listed.",
            "Nothing of it was kept. Try again later.",
        ),
        "disk": DiskFull(f"The disk of {cache} is full.", f"Free some space and start again; {KEPT}."),
        "unwritable": InkframeError(
            f"The models folder {cache} can't be written.",
            "Give write access to it, or set INKFRAME_WEIGHTS to another folder.",
        ),
    }
    other = HubUnreachable(f"The download of {where} failed: {fault}", f"Start again; {KEPT}.")
    return known.get(fault.kind, other)


def trying_again(error: InkframeError, pause: float) -> InkframeError:
    """The same complaint while there is still a try to come."""
    return type(error)(error.message, f"Trying again in {pause:.0f} s.")
