"""Nothing in the tree runs what it reads: no pickle, no eval, no shell, models as plain numbers alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.settings import ROOT
from weights.catalogue import ROWS

LEFT_OUT = {"outputs", "cache", "tests"}
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
NAMES_OF_PICKLE = {"UnpicklingError"}
"""What may be named of it: the error that PyTorch's own restricted reader raises."""
RUNS = {"eval", "exec", "compile", "__import__"}
WORDS = (
    *PICKLES,
    *RUNS,
    "system",
    "popen",
    "subprocess",
    "spawn",
    "shell",
    "weights_only",
    "load",
    "trust_remote",
)
"""A file without any of these needs no parsing, which takes most of the time."""
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "pty.spawn"}
ASKED = {"shell", "allow_pickle", "weights_only", "trust_remote_code"}
FETCHED = (".safetensors", ".onnx", ".pb", ".json", ".txt", ".model", ".jpg")
"""Endings of what is fetched: numbers, graphs, pictures and texts. ONNX Runtime or our own reader takes the graphs, and
TensorFlow those of CV-UNet: without an operation that ONNX has nothing for, such as one that writes files."""


def list_sources() -> list[Path]:
    found = [path for path in ROOT.rglob("*.py") if not LEFT_OUT & set(path.relative_to(ROOT).parts)]
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)]


def find_dangers(source: str) -> Iterator[str]:
    """What runs, or may run, what it is given."""
    if not any(word in source for word in WORDS):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (f"from {name}" for name in from_pickles(node))
        elif isinstance(node, ast.Attribute) and spell(node.value) in PICKLES:
            if node.attr not in NAMES_OF_PICKLE:
                yield f"{ast.unparse(node)}"
        elif isinstance(node, ast.Call):
            yield from judge(node)


def from_pickles(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PICKLES:
        yield from (f"{node.module} import {each.name}" for each in node.names)


def spell(node: ast.expr) -> str:
    """A dotted name; what is more than that is no name that is looked for."""
    if isinstance(node, ast.Attribute):
        return f"{spell(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def judge(call: ast.Call) -> Iterator[str]:
    name = spell(call.func)
    words = {each.arg: ast.unparse(each.value) for each in call.keywords if each.arg in ASKED}
    if name in RUNS | SHELLS:
        yield name
    if words.get("shell", "False") != "False":
        yield f"{name}(shell=...)"
    if words.get("allow_pickle", "False") != "False":
        yield f"{name}(allow_pickle=...)"
    if name in ("torch.load", "torch.hub.load") and words.get("weights_only") != "True":
        yield f"{name} without weights_only"
    if words.get("weights_only", "True") != "True" or words.get("trust_remote_code", "False") != "False":
        yield f"{name} trusts what it loads"
    if name in ("yaml.load", "yaml.unsafe_load", "yaml.full_load"):
        yield name


def test_no_source_runs_what_it_reads() -> None:
    sources = list_sources()
    assert len(sources) > 300
    found = [
        f"{path.relative_to(ROOT)}: {danger}"
        for path in sources
        for danger in find_dangers(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle\npickle.load(file)",
        "from pickle import loads",
        "eval(text)",
        "exec(text)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "yaml.load(text)",
        "subprocess.run(text, shell=True)",
        "np.load(path, allow_pickle=True)",
        "os.system(text)",
        "AutoModel.from_pretrained(x, trust_remote_code=True)",
    ],
)
def test_the_search_finds(source: str) -> None:
    assert list(find_dangers(source))


@pytest.mark.parametrize(
    "source",
    [
        "import pickle\ntry: pass\nexcept pickle.UnpicklingError: pass",
        "torch.load(path, weights_only=True)",
        "model.eval()",
        "re.compile(text)",
        "np.load(path, allow_pickle=False)",
    ],
)
def test_the_search_lets_pass(source: str) -> None:
    assert list(find_dangers(source)) == []


def test_only_plain_files_are_fetched() -> None:
    names = [file.path for row in ROWS if row.source == "modelscope" for file in row.files]
    assert len(names) > 50
    assert [name for name in names if not name.endswith(FETCHED)] == []
