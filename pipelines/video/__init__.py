"""Films: read frame by frame, written frame by frame, sound kept."""

from pipelines.video.info import VideoInfo
from pipelines.video.read import Frame, VideoReader, at_rate
from pipelines.video.write import VideoWriter

__all__ = ["Frame", "VideoInfo", "VideoReader", "VideoWriter", "at_rate"]
