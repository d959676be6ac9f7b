"""Pictures and files that the tests of pictures share, made from nothing."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, TiffImagePlugin

from pipelines.image.picture import Picture, open_image

Bytes = NDArray[np.uint8]


def make_pixels(height: int = 24, width: int = 36) -> Bytes:
    """A smooth picture in which no two corners are alike."""
    down, across = np.mgrid[0:height, 0:width]
    planes = (
        across * 255 / (width - 1),
        down * 255 / (height - 1),
        (across + down) * 255 / (width + height - 2),
    )
    return np.dstack(planes).astype(np.uint8)


def save(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def encode_cv(extension: str, pixels: NDArray[Any]) -> bytes:
    """Encode RGB, RGBA or grey of any depth."""
    if pixels.ndim == 3:
        order = [2, 1, 0, 3][: pixels.shape[2]]
        pixels = np.ascontiguousarray(pixels[..., order])
    return bytes(cv2.imencode(extension, pixels)[1].tobytes())


def make_deep_tiff(values: NDArray[Any], *, in_planes: bool = False) -> bytes:
    """A plain TIFF of HW2 grey and alpha or HW3 RGB of any depth, `in_planes` one channel after the other."""
    height, width, channels = values.shape
    strips = [values[..., each] for each in range(channels)] if in_planes else [values]
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[256], tags[257], tags[258] = width, height, (values.dtype.itemsize * 8,) * channels
    tags[259], tags[262], tags[277], tags[278] = 1, 1 if channels == 2 else 2, channels, height
    tags[273] = tuple(sum(each.nbytes for each in strips[:number]) for number in range(len(strips)))
    tags[279], tags[284] = tuple(each.nbytes for each in strips), 2 if in_planes else 1
    if channels == 2:
        tags[338] = 2
    tags[339] = (3 if values.dtype.kind == "f" else 1,) * channels
    body = b"".join(each.tobytes() for each in strips)
    return b"II*\0" + struct.pack("<I", 8) + tags.tobytes(8) + body


def make_grey_png(values: NDArray[Any], depth: int, clear: int) -> bytes:
    """A grey PNG of 2, 4 or 16 bits in which one value is transparent. Rows fill whole bytes."""
    if depth == 16:
        rows = values.astype(">u2").view(np.uint8)
    else:
        each = 8 // depth
        shifts = np.arange(each)[::-1] * depth
        rows = (values.reshape(len(values), -1, each) << shifts).sum(axis=2).astype(np.uint8)
    header = make_chunk(b"IHDR", struct.pack(">IIBBBBB", *values.shape[::-1], depth, 0, 0, 0, 0))
    body = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + make_chunk(b"tRNS", struct.pack(">H", clear))
        + make_chunk(b"IDAT", body)
        + make_chunk(b"IEND", b"")
    )


def read(data: bytes, max_pixels: int = 1_000_000) -> Picture:
    return open_image(data, max_pixels=max_pixels)


def make_srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swap_red_and_green() -> bytes:
    """Pillow's sRGB profile with two primaries changed over, under another name."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = (slice(tags[name] + 4, tags[name] + 12) for name in (b"rXYZ", b"gXYZ"))
    data[red], data[green] = data[green], data[red]
    return bytes(data).replace("sRGB".encode("utf-16-be"), "RGBX".encode("utf-16-be"))


def make_profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """The smallest ICC profile (ICC.1:2001-04) from `space` to Lab with these tags."""
    header_end, table_end = 128, 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", table_end + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = bytearray(header_end)
    struct.pack_into(
        ">I4sI4s4s4s", header, 0, table_end + len(body), b"", 0x02100000, b"prtr", space, b"Lab "
    )
    header[36:40] = b"acsp"
    struct.pack_into(">III", header, 68, 0xF6D6, 0x10000, 0xD32D)
    return bytes(header) + table + body


def make_cmyk_profile() -> bytes:
    """A press with inks of its own: cyan prints as red, Lab (53, 80, 67), and the others not at all."""
    white, red = (255, 128, 128), (round(53 * 2.55), 128 + 80, 128 + 67)
    grid = [red if corner & 8 else white for corner in range(16)]  # cyan varies slowest
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    head = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix
    return make_profile(b"CMYK", {b"A2B0": head + ramp * 4 + bytes(np.uint8(grid).tobytes()) + ramp * 3})


def make_png_header(width: int, height: int) -> bytes:
    """A PNG that declares a size and holds next to nothing."""
    header = make_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = make_chunk(b"IDAT", zlib.compress(b"\0"))
    return b"\x89PNG\r\n\x1a\n" + header + body + make_chunk(b"IEND", b"")


def make_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
