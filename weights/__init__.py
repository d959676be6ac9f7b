"""Model files: what exists, where it comes from, whether it is whole, and how it is loaded."""
