"""The AI label of every result, readable by machines: IPTC's and that of China's GB 45438-2025.

Both stand in the file's XMP packet. IPTC Extension 2025.1 gives `DigitalSourceType` (a term of
http://cv.iptc.org/newscodes/digitalsourcetype/) and `AISystemUsed`. GB 45438-2025, annex E, gives the key
`AIGC` with a JSON object of seven texts, for which TC260's practice guide names the XMP namespace; PNG
carries it as a text chunk, too.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from PIL import Image

from pipelines.visible_label import draw_visible_label, draw_visible_label_on_cutout

__all__ = [
    "LABEL_TEXT",
    "Label",
    "ai_label",
    "draw_visible_label",
    "draw_visible_label_on_cutout",
    "film_label",
    "read_label",
]

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
ALTERED = VOCABULARY + "algorithmicallyEnhanced"
PARTLY_GENERATED = VOCABULARY + "compositeWithTrainedAlgorithmicMedia"
GENERATED = VOCABULARY + "trainedAlgorithmicMedia"

# What the task does to its source: cut-outs and camera moves keep the content, restyling nets redraw it,
# diffusion invents it.
SOURCE_TYPES = {
    "matting": ALTERED,
    "batch": ALTERED,
    "video": ALTERED,
    "cartoon": PARTLY_GENERATED,
    "style": PARTLY_GENERATED,
    "diffusion": GENERATED,
}

LABEL_TEXT = "AI生成 · AI generated"
"""What a visible label says."""

IS_AI = "1"
"""GB 45438-2025: 1 = made by AI, 2 = possibly, 3 = suspected. A producer always says 1."""

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}
PACKET_START = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
PACKET_END = '<?xpacket end="w"?>'


@dataclass(frozen=True)
class Label:
    """`xmp` is a whole XMP packet, `text` the PNG text chunks: `encode_image` takes both."""

    xmp: bytes
    text: dict[str, str]


def ai_label(task: str, *, run_id: str, producer: str = "Inkframe", model: str) -> Label:
    """Build the label of one run's results. Raises ValueError for a task without a row in SOURCE_TYPES."""
    if task not in SOURCE_TYPES:
        raise ValueError(f"no digital source type for the task {task!r}")
    aigc = json.dumps(
        {
            "Label": IS_AI,
            "ContentProducer": producer,
            "ProduceID": run_id,
            "ReservedCode1": "",
            "ContentPropagator": "",
            "PropagateID": "",
            "ReservedCode2": "",
        }
    )
    system = f"{producer} ({model})"
    properties = {
        "Iptc4xmpExt:DigitalSourceType": SOURCE_TYPES[task],
        "Iptc4xmpExt:AISystemUsed": system,
        "xmp:CreatorTool": system,
        "TC260:AIGC": aigc,
    }
    return Label(_write_xmp(properties), {"AIGC": aigc, "Software": producer})


def film_label(task: str, *, run_id: str, model: str) -> Label:
    """The same for a film's file: its `text` holds IPTC's entries, too, for containers without XMP, and a
    comment for players that show one."""
    label, system = ai_label(task, run_id=run_id, model=model), f"Inkframe ({model})"
    iptc = {"DigitalSourceType": SOURCE_TYPES[task], "AISystemUsed": system}
    return Label(label.xmp, {**label.text, **iptc, "comment": f"{LABEL_TEXT}: {system}"})


def read_label(data: bytes) -> dict[str, Any]:
    """Find the labels in a PNG, WebP or JPEG, as any reader would.

    Returns what there is of `digital_source_type` (URI), `ai_system`, `aigc` (from the XMP) and `aigc_text`
    (from PNG's text chunk), both parsed. Raises ValueError when a label is there but broken.
    """
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        packet, text = image.info.get("xmp", b""), image.info.get("AIGC")
    properties = _read_xmp(packet) if packet else {}
    found = {
        "digital_source_type": properties.get("Iptc4xmpExt:DigitalSourceType"),
        "ai_system": properties.get("Iptc4xmpExt:AISystemUsed"),
        "aigc": _read_object(properties.get("TC260:AIGC")),
        "aigc_text": _read_object(text),
    }
    return {name: value for name, value in found.items() if value is not None}


def _write_xmp(properties: dict[str, str]) -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    lines = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in properties.items())
    body = f'<rdf:RDF {spaces}><rdf:Description rdf:about="">{lines}</rdf:Description></rdf:RDF>'
    packet = f'{PACKET_START}<x:xmpmeta xmlns:x="adobe:ns:meta/">{body}</x:xmpmeta>{PACKET_END}'
    return packet.encode()


def _read_xmp(packet: bytes | str) -> dict[str, str]:
    """Simple properties by prefixed name, whether they stand as elements or as attributes."""
    text = packet.decode() if isinstance(packet, bytes) else packet
    if "<!DOCTYPE" in text:
        raise ValueError("XMP has no document type")
    try:
        tree = ElementTree.fromstring(text.strip("\ufeff\0 \n"))
    except ElementTree.ParseError as error:
        raise ValueError(f"broken XMP: {error}") from error
    found: dict[str, str] = {}
    for description in tree.iter(f"{{{NAMESPACES['rdf']}}}Description"):
        found |= {_prefixed(name): value for name, value in description.attrib.items()}
        found |= {_prefixed(child.tag): child.text or "" for child in description}
    return found


def _prefixed(name: str) -> str:
    for prefix, uri in NAMESPACES.items():
        if name.startswith(f"{{{uri}}}"):
            return f"{prefix}:{name[len(uri) + 2 :]}"
    return name


def _read_object(text: str | None) -> Any:
    return None if text is None else json.loads(text)
