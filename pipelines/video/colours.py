"""How colours go from film to picture and back without drifting."""

EXACT = 0x4 | 0x2000 | 0x40000
"""swscale's flags bicubic, full chroma and accurate rounding: without them each way darkens by a level."""
