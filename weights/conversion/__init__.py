"""TensorFlow graphs to ONNX files, outside the app's own Python."""
