"""Pictures in and out: bytes to arrays and back, with everything that belongs to them."""

from pipelines.image.encode import encode_image
from pipelines.image.picture import Picture, open_image, resize_to_fit

__all__ = ["Picture", "encode_image", "open_image", "resize_to_fit"]
