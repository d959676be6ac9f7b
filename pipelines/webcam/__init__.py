"""Webcam Style: the camera's picture redrawn while it runs."""
