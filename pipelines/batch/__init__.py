"""Batch matting: zips, folders and loose pictures in; the same names cut out, nothing lost."""
