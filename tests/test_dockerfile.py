"""The image holds what the app needs: checked on a folder with the Dockerfile's copies, since no engine is at hand."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipelines.settings import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
FOUND = "import importlib.util as u, sys; sys.exit(not all(u.find_spec(name) for name in sys.argv[1:]))"


def copies() -> list[tuple[list[str], str]]:
    """The COPY lines: sources and target."""
    lines = re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE)
    return [(words[:-1], words[-1]) for words in map(shlex.split, lines)]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    left_out = shutil.ignore_patterns("cache", "__pycache__")
    for sources, target in copies():
        for path in (path for source in sources for path in ROOT.glob(source)):
            if path.is_dir():
                shutil.copytree(path, folder / target, ignore=left_out, dirs_exist_ok=True)
            else:
                (folder / target).mkdir(parents=True, exist_ok=True)
                shutil.copy(path, folder / target)
    return folder


def test_the_command_line_answers(image: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "cli.py", "start", "--help"], cwd=image, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert "--port" in ran.stdout


def test_every_part_that_runs_in_the_app_is_there(image: Path) -> None:
    modules = ["app", "cli_start", "ui.page", "server.rest", "weights.store", "training.train_style"]
    assert subprocess.run([sys.executable, "-c", FOUND, *modules], cwd=image, timeout=60).returncode == 0
    assert list((image / "weights" / "builtin").glob("*.onnx"))


class Well(BaseHTTPRequestHandler):
    """Answers /healthz alone."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_health_check_asks_no_proxy() -> None:
    found = re.search(r"^HEALTHCHECK .*? CMD (\[.*?\])$", DOCKERFILE.replace("\\\n", ""), re.MULTILINE)
    assert found is not None
    _, *words = json.loads(found[1])
    server = HTTPServer(("127.0.0.1", 0), Well)
    Thread(target=server.serve_forever, daemon=True).start()
    proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    checks = [
        subprocess.run([sys.executable, *words], env={**proxy, "INKFRAME_PORT": port}, timeout=60).returncode
        for port in (str(server.server_port), "9")
    ]
    server.shutdown()
    server.server_close()
    assert checks == [0, 1]


def test_what_is_copied_is_sent_to_the_builder() -> None:
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for sources, _ in copies():
        for source in sources:
            assert any(Path(source).match(each) or source.startswith(f"{each}/") for each in sent), source
