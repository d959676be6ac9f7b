"""What one of two frames hides: flow there and back that does not return to where it began.

Ince and Konrad, "Occlusion-Aware Optical Flow Estimation", IEEE TIP 17(8), 2008.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.image_to_video.flow_fields import Field, Flows, carry

ASTRAY = 1.0
"""Px by which flow misses its beginning where it is as likely hidden as not."""
WINDOW = 5
"""Side, in px of the flow, over which that is averaged."""
TRUST = 4.0
"""How many times more the frame counts in which a thing is surely seen and the other surely hides it."""


def find_hidden(flows: Flows) -> tuple[Field, Field]:
    """How surely each pixel of the first frame is hidden in the second, and the other way; HW in 0..1."""
    return miss(flows.there, flows.back), miss(flows.back, flows.there)


def miss(flow: Field, other: Field) -> Field:
    """How far a point is from where it began after going along `flow` and back along `other`: HW, 0 hit to 1 astray."""
    astray = flow + carry(other, flow, 1)
    length = cv2.blur(cv2.magnitude(astray[..., 0], astray[..., 1]), (WINDOW, WINDOW))
    return length / (length + np.float32(ASTRAY))


def share_second(hidden: tuple[Field, Field], motion: Field, at: float) -> Field:
    """How much of each pixel at the time `at` the second frame gives, HW in 0..1.

    What is hidden in the second frame only the first one shows, and the other way round. `motion` is the flow
    from the first to the second where the new frame is.
    """
    first = (1 - at) * (1 + TRUST * carry(hidden[0], motion, -at))
    second = at * (1 + TRUST * carry(hidden[1], motion, 1 - at))
    return np.asarray(second / (first + second), np.float32)
