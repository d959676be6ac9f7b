"""Matting: from a picture to its subject's alpha and colours."""
