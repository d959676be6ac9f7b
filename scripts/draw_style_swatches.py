"""Draw ui/pictures/styles.jpg with the nets that are here: `python -m scripts.draw_style_swatches`."""

from __future__ import annotations

from pipelines.cartoon.preview import Sitting
from pipelines.image import encode_image, open_image
from pipelines.settings import Settings
from pipelines.studio import open_studio
from ui.cartoon_swatches import FILE, draw_strip
from ui.examples import example_file

EXAMPLE = "balloon"


def main() -> None:
    """One example in all styles, side by side. Exits where no net is here."""
    studio = open_studio(Settings.read())
    rgb = open_image(example_file(EXAMPLE), max_pixels=1 << 26).rgb
    strip = draw_strip(Sitting(rgb, None, (), 1.0), "auto", studio.store)
    studio.close()
    if strip is None:
        raise SystemExit("No net that draws is here: ./run.sh models download default")
    FILE.write_bytes(encode_image(strip, None, format="jpeg"))
    print(FILE)


if __name__ == "__main__":
    main()
