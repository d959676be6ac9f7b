"""Image to video: moving shots from single pictures, films from many, frames in between."""
