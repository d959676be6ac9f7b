"""Films: read frame by frame, written frame by frame, sound kept."""

from pipelines.video.info import VideoInfo
from pipelines.video.join import join_films
from pipelines.video.read import VideoReader
from pipelines.video.timing import Frame, at_rate
from pipelines.video.write import VideoWriter

__all__ = ["Frame", "VideoInfo", "VideoReader", "VideoWriter", "at_rate", "join_films"]
