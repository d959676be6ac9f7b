"""Draw ui/pictures/styles.jpg: `python -m scripts.draw_style_swatches`."""

from __future__ import annotations

from pipelines.cartoon.preview import sit
from pipelines.image import encode_image
from pipelines.settings import Settings
from pipelines.studio import open_studio
from ui.cartoon_swatches import FILE, draw_strip
from ui.examples import example_file

EXAMPLE, LONGEST = "astronaut", 512


def main() -> None:
    """One example in all styles, side by side, by the net that comes with the app."""
    studio = open_studio(Settings.read())
    picture = studio.open(example_file(EXAMPLE))
    strip = draw_strip(sit(picture, LONGEST, LONGEST, studio.store), "builtin", studio.store)
    studio.close()
    if strip is not None:
        FILE.write_bytes(encode_image(strip, None, format="jpeg"))
    print(FILE)


if __name__ == "__main__":
    main()
