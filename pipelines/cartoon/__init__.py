"""Cartoon: photos of people redrawn in a style, faces by a net that knows faces."""
