"""Open an ONNX file with ONNX Runtime, and turn its failures into errors a person can act on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from weights.errors import ModelDamaged, OutOfMemory

log = logging.getLogger(__name__)

LARGE = 64 << 20
"""Bytes from which on a model's working memory, gigabytes then, goes back to the system after each run. A small
net keeps its own: touching it anew each time would cost a quarter of its speed."""
OUT_OF_MEMORY = (
    "out of memory",
    "failed to allocate",
    "smaller than requested bytes",
    "bad_alloc",
    "alloc_failed",
    "allocation_failed",
)
"""What ONNX Runtime's arena, CUDA, cuBLAS and cuDNN say of it."""


class RunsGraph(Protocol):
    """What a net needs of a session."""

    def run(
        self, feeds: Mapping[str, np.ndarray], outputs: Sequence[str] | None = None
    ) -> list[np.ndarray]: ...


class OnnxSession:
    """A loaded graph. `run` takes and returns arrays; it is safe to call from several threads."""

    def __init__(
        self,
        path: Path,
        providers: Sequence[str],
        graph: bytes | None = None,
        threads: int = 0,
        any_size: bool = False,
    ) -> None:
        """`graph` is the file's contents where they were changed on the way; `threads` how many cores one
        run may use, 0 for all; `any_size`: pictures of many sizes come, so no memory is planned ahead for one
        and all goes back after each run.

        Raises ModelDamaged when it is no usable graph, OutOfMemory when it does not fit.
        """
        self.path = path
        self._session = _open(path, list(providers), graph, threads, any_size)
        self._gives_back = any_size or (len(graph) if graph else path.stat().st_size) > LARGE
        self.inputs = {item.name: item for item in self._session.get_inputs()}
        self.outputs = [item.name for item in self._session.get_outputs()]

    @property
    def on_gpu(self) -> bool:
        return self._session.get_providers()[0] != "CPUExecutionProvider"

    @property
    def batch_size(self) -> int | None:
        """Pictures that one run takes; None where the graph takes any number."""
        shape = self.inputs[self.input_name].shape
        return int(shape[0]) if shape and isinstance(shape[0], int) else None

    @property
    def input_name(self) -> str:
        """The first input's name."""
        return next(iter(self.inputs))

    @property
    def input_dtype(self) -> np.dtype[Any]:
        """float16 for graphs that take half precision, else float32."""
        return np.dtype(np.float16 if "float16" in self.inputs[self.input_name].type else np.float32)

    def run(self, feeds: Mapping[str, np.ndarray], outputs: Sequence[str] | None = None) -> list[np.ndarray]:
        """Raises OutOfMemory; other failures pass through, they are defects."""
        try:
            names = outputs and list(outputs)
            result: list[np.ndarray] = self._session.run(names, dict(feeds), _run_options(self._gives_back))
        except Exception as error:  # ONNX Runtime has a class of its own for each status
            if _is_out_of_memory(error):
                raise OutOfMemory(
                    "The device ran out of memory.", "Close other programs or use a smaller model."
                ) from error
            raise
        return result


Open = Callable[[bytes], OnnxSession]
"""Opens a graph that was changed or written here."""


def _open(path: Path, providers: list[str], graph: bytes | None, threads: int, any_size: bool) -> Any:
    import onnxruntime as ort

    last: Exception | None = None
    # fp16 graphs of the BiRefNet family fail in SimplifiedLayerNormFusion on the CPU provider;
    # the basic level leaves that fusion out.
    for level in (ort.GraphOptimizationLevel.ORT_ENABLE_ALL, ort.GraphOptimizationLevel.ORT_ENABLE_BASIC):
        options = ort.SessionOptions()
        options.graph_optimization_level = level
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.enable_mem_pattern = not any_size
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return ort.InferenceSession(graph or str(path), options, providers=providers)
        except Exception as error:  # as above
            if _is_out_of_memory(error):
                raise OutOfMemory(
                    f"{path.name} does not fit into the device's memory.",
                    "Use a smaller model or --device cpu (INKFRAME_DEVICE=cpu from a shell).",
                ) from error
            log.warning("%s did not open at %s: %s", path.name, level, error)
            last = error
    raise ModelDamaged(
        f"{path.name} can't be opened as a model.", "Delete it on the Models page and download it again."
    ) from last


def _run_options(gives_back: bool) -> Any:
    import onnxruntime as ort

    options = ort.RunOptions()
    if gives_back:
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _is_out_of_memory(error: Exception) -> bool:
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(phrase in text for phrase in OUT_OF_MEMORY)
