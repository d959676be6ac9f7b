"""The version that /healthz, run.json and the labels name."""

VERSION = "0.1.0"
