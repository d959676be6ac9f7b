"""Nobody is told what runs here: ONNX Runtime's published builds would report it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pipelines.settings import ROOT
from weights.catalogue import Catalogue
from weights.files import locate

OPEN_A_NET = """
import sys
import weights
import onnxruntime
onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
"""


def test_opening_a_net_leaves_no_report_behind(tmp_path: Path) -> None:
    """Reports are collected in the cache folder first; under CI, a variable of its own would hide them."""
    path = locate(Catalogue()["portrait"], tmp_path)[0]
    environ = {key: value for key, value in os.environ.items() if key not in ("CI", "ORT_DISABLE_TELEMETRY")}
    environ |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", OPEN_A_NET, str(path)], env=environ, check=True, timeout=120)
    assert [each.name for each in tmp_path.rglob("*onnxruntime*")] == []
