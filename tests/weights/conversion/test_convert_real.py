"""Conversion with the real TensorFlow, on small graphs that TensorFlow itself writes.

INKFRAME_TEST_CONVERTER=1 installs the converter for it (1.8 GB); INKFRAME_CONVERTER_CACHE names a models
folder in which it is installed already.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from weights.catalogue import Catalogue
from weights.conversion.commands import run_command
from weights.conversion.convert import convert
from weights.conversion.convert_cv_unet import draw
from weights.conversion.converter import converter_environ, converter_folder, converter_ready, make_converter
from weights.errors import ConversionFailed
from weights.loaders import LoadRequest, load_cv_unet

pytestmark = [pytest.mark.converter, pytest.mark.timeout(3000)]

GRAPHS = Path(__file__).with_name("tensorflow_graphs.py")
SIZES = ((288, 384), (401, 333), (97, 130), (64, 300))

RunGraphs = Callable[..., None]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder of its own with the converter in it."""
    folder = tmp_path_factory.mktemp("models")
    given = os.environ.get("INKFRAME_CONVERTER_CACHE", "")
    if given and converter_ready(Path(given)):
        converter_folder(folder).symlink_to(converter_folder(Path(given)).resolve())
    elif os.environ.get("INKFRAME_TEST_CONVERTER") != "1":
        pytest.skip("the converter is not installed; INKFRAME_TEST_CONVERTER=1 installs it (1.8 GB)")
    return folder


@pytest.fixture(scope="module")
def graphs(cache: Path) -> RunGraphs:
    """Runs tensorflow_graphs.py where TensorFlow is."""
    python = make_converter(cache, say=print)

    def run(*arguments: object) -> None:
        command = [str(python), "-I", str(GRAPHS), *map(str, arguments)]
        outcome = run_command(command, limit=600, environ=converter_environ())
        assert outcome.code == 0, outcome.text

    return run


@pytest.mark.parametrize("variant", ["uint8", "float", "unit", "matte", "unranked", "gated"])
def test_the_converted_net_answers_as_tensorflow_does(
    variant: str, cache: Path, graphs: RunGraphs, tmp_path: Path
) -> None:
    pb, given, wanted = tmp_path / "tf_graph.pb", tmp_path / "in.npz", tmp_path / "out.npz"
    pictures = {f"{size}": draw(size, "figure").astype(np.uint8) for size in SIZES}
    pictures["dark"] = np.full((96, 120, 3), 10, np.uint8)
    np.savez(given, **pictures)  # type: ignore[arg-type]
    graphs("make", variant, pb)
    graphs("run", pb, given, wanted)

    net = load_cv_unet(
        LoadRequest(Catalogue()["cv-unet-universal"], [pb], ["CPUExecutionProvider"], cache, offline=True)
    )

    with np.load(wanted) as answers:
        for name, rgb in pictures.items():
            answer = answers[name] if variant == "matte" else answers[name][..., 3]
            truth = answer if variant == "unit" else answer / 255
            assert np.abs(net.alpha(rgb) - truth).max() <= 2 / 255, name
            assert name == "dark" or np.ptp(truth) > 0.5
        if variant == "gated":
            assert net.alpha(pictures["dark"]).max() == 0


@pytest.mark.parametrize(
    ("variant", "says"), [("renamed", "no tensor output_png:0"), ("unknown-op", "operations Betainc")]
)
def test_other_graphs_are_refused_with_the_reason(
    variant: str, says: str, cache: Path, graphs: RunGraphs, tmp_path: Path
) -> None:
    pb = tmp_path / "tf_graph.pb"
    graphs("make", variant, pb)

    with pytest.raises(ConversionFailed, match=says):
        convert(pb, cache)


@pytest.mark.parametrize("variant", ["writes", "writes-inside"])
def test_a_graph_that_writes_files_is_refused_before_it_runs(
    variant: str, cache: Path, graphs: RunGraphs, tmp_path: Path
) -> None:
    pb = tmp_path / "tf_graph.pb"
    graphs("make", variant, pb)

    with pytest.raises(ConversionFailed, match=r"operations .*WriteFile"):
        convert(pb, cache)

    assert list(tmp_path.iterdir()) == [pb]


def test_a_file_that_is_no_graph_is_refused(cache: Path, graphs: RunGraphs, tmp_path: Path) -> None:
    pb = tmp_path / "tf_graph.pb"
    pb.write_bytes(b"\xff" * 100)

    with pytest.raises(ConversionFailed, match="not a TensorFlow graph"):
        convert(pb, cache)
