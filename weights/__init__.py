"""Model files: what exists, where it comes from, whether it is whole, and how it is loaded."""

import os

# ONNX Runtime's published builds report sessions, models and errors to their maker unless they find this when they
# are loaded. A person who wants that sets it to 0.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
