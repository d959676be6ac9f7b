"""Gradio's own webcam streaming, with a function that does nothing: `python gradio_stream.py --port PORT`."""

from __future__ import annotations

import argparse
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI


def main() -> None:
    """One camera, one picture, the same size as the live tab's."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    app = FastAPI()

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    with gr.Blocks(analytics_enabled=False) as blocks:
        # mirrored, as by default, the time in the picture would be read backwards
        straight = gr.WebcamOptions(mirror=False)
        camera = gr.Image(
            sources=["webcam"],
            streaming=True,
            webcam_options=straight,
            elem_id="camera",
            height=480,
            width=640,
        )
        shown = gr.Image(elem_id="shown", height=480, width=640)
        camera.stream(
            give_back, camera, shown, stream_every=0.01, concurrency_limit=4, show_progress="hidden"
        )
    uvicorn.run(
        gr.mount_gradio_app(app, blocks, path="/"), port=port, log_level="error", timeout_graceful_shutdown=1
    )


def give_back(rgb: Any) -> Any:
    return rgb


if __name__ == "__main__":
    main()
