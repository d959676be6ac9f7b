"""The painters whose hand the builtin style net has learnt, by its own names for their paintings."""

from __future__ import annotations

PAINTERS: dict[str, str] = {
    "delaunay-portrait-1906": "Delaunay, portrait",
    "gauguin-tahiti": "Gauguin, Tahiti",
    "hokusai-great-wave": "Hokusai, great wave",
    "kandinsky-composition-vii": "Kandinsky, composition VII",
    "matisse-woman-with-hat-1905": "Matisse, woman with a hat",
    "mondrian": "Mondrian, composition",
    "munch-scream": "Munch, the scream",
    "picabia-udnie-1913": "Picabia, Udnie",
    "turner-shipwreck-minotaur": "Turner, shipwreck",
    "vangogh-cafe": "Van Gogh, night café",
    "vangogh-olive": "Van Gogh, olive trees",
    "vangogh-self": "Van Gogh, self-portrait",
    "vangogh-starry-night": "Van Gogh, starry night",
    "vangogh-wheat-field": "Van Gogh, wheat field",
}


def painter_id(name: str) -> str:
    """Id of a look by the net's own name for it."""
    return f"painter-{name}"
