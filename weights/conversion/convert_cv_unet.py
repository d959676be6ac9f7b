"""Turn a CV-UNet frozen TensorFlow graph into an ONNX file and hold the two against each other.

A script of its own: it runs inside the converter's environment (weights/conversion/requirements.txt), never
inside the app, and imports nothing of the app.

    python convert_cv_unet.py tf_graph.pb out.onnx report.json

The graph takes `input_image:0`, float32 RGB [H, W, 3] in 0..255, and gives `output_png:0`, RGBA [H, W, 4]
or a lone matte [H, W], as uint8 or float. The ONNX file takes the same input and gives one output, `alpha`,
float32 [H, W] in 0..1. On stdout, "step: ..." tells progress and "error: ..." why it stopped.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

INPUT, OUTPUT, ALPHA = "input_image:0", "output_png:0", "alpha"
OPSET = 17
SIZES = ((288, 384), (401, 333))
TOLERANCE = 2 / 255
# A hard threshold inside a graph can turn single pixels over on the last bit of a float; a wrong
# padding or resize shows over whole edges.
STRAY = 0.001
CONTROL = {"Switch", "Merge", "Enter", "Exit", "LoopCond", "NextIteration", "Assert"}
"""Operations without an effect outside of the graph that tf2onnx takes away before it looks at the rest."""


class Unusable(Exception):
    """The graph is not one that this script can convert."""


def main(source: Path, target: Path, report: Path) -> None:
    """Convert `source` to `target`; `report` gets the figures of the check and the versions used."""
    say("reading the TensorFlow graph")
    graph = read_graph(source)
    pictures = [draw(size, kind) for size in SIZES for kind in ("figure", "noise")]
    raw = run_tensorflow(graph, pictures)
    scale = scale_of(raw)
    say("writing the ONNX graph")
    target.write_bytes(to_onnx(graph, raw[0].ndim, scale))
    say("comparing both on test pictures")
    figures = [
        compare(alpha_of(before, scale), after, picture.shape)
        for picture, before, after in zip(pictures, raw, run_onnx(target, pictures), strict=True)
    ]
    report.write_text(json.dumps({"versions": versions(), "opset": OPSET, "checks": figures}, indent=1))


def say(text: str) -> None:
    """Print a step for the process that waits outside."""
    print(f"step: {text}", flush=True)


def read_graph(source: Path) -> Any:
    """Parse the frozen graph and give its input a shape of rank 3. Raises Unusable."""
    import tensorflow as tf
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(source.read_bytes())
    except DecodeError:
        raise Unusable("the file is not a TensorFlow graph") from None
    refuse_foreign(graph)
    nodes = {node.name: node for node in graph.node}
    missing = [name for name in (INPUT, OUTPUT) if name.split(":")[0] not in nodes]
    if missing:
        raise Unusable(f"the graph has no tensor {' and no '.join(missing)}")
    # Without a rank, shape inference stops at the first convolution.
    entry = nodes[INPUT.split(":")[0]]
    entry.attr["shape"].shape.CopyFrom(tf.TensorShape([None, None, 3]).as_proto())
    entry.attr.pop("_output_shapes", None)
    if tf.as_dtype(entry.attr["dtype"].type) != tf.float32:
        raise Unusable(f"{INPUT} takes {tf.as_dtype(entry.attr['dtype'].type).name}, not float32")
    return graph


def refuse_foreign(graph: Any) -> None:
    """Raise Unusable for operations that tf2onnx does not know: TensorFlow also has some that read and write
    files, and a graph is run here."""
    import tf2onnx.tfonnx  # noqa: F401  registers what it knows
    from tf2onnx.handler import tf_op

    known = {name for domain in tf_op.get_opsets().values() for version in domain for name in version}
    foreign = foreign_operations(graph, known)
    if foreign:
        raise Unusable(f"ONNX has nothing for the operations {', '.join(foreign)}")


def foreign_operations(graph: Any, known: set[str]) -> list[str]:
    """Operations of a GraphDef, those inside its functions too, that are neither `known` nor harmless."""
    functions = graph.library.function
    inner = [node for function in functions for node in function.node_def]
    own = {function.signature.name for function in functions}
    return sorted({node.op for node in (*graph.node, *inner)} - known - CONTROL - own)


def draw(size: tuple[int, int], kind: str) -> np.ndarray:
    """A test picture, float32 RGB [H, W, 3] in 0..255: a head and shoulders, or smooth noise."""
    height, width = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / height, x / width
    if kind == "noise":
        coarse = np.random.default_rng(height).uniform(0, 255, (12, 12, 3))
        picture = coarse[(y * 12).astype(int), (x * 12).astype(int)]
        return np.asarray(picture + 20 * np.sin(x * 60)[..., None], np.float32).clip(0, 255)
    picture = np.stack([40 + 60 * y, 110 + 80 * x, 170 - 60 * y], axis=-1)
    picture[((x - 0.5) / 0.36) ** 2 + ((y - 1.0) / 0.42) ** 2 < 1] = (150, 30, 40)
    picture[((x - 0.5) / 0.15) ** 2 + ((y - 0.38) / 0.22) ** 2 < 1] = (225, 180, 155)
    picture[((x - 0.5) / 0.17) ** 2 + ((y - 0.24) / 0.12) ** 2 < 1] = (50, 35, 30)
    return np.asarray(picture, np.float32)


def run_tensorflow(graph: Any, pictures: list[np.ndarray]) -> list[np.ndarray]:
    """What the source itself answers, as it answers it. Raises Unusable for answers of another shape."""
    import tensorflow as tf

    with tf.Graph().as_default() as loaded, tf.compat.v1.Session(graph=loaded) as session:
        tf.import_graph_def(graph, name="")
        answers = [np.asarray(session.run(OUTPUT, {INPUT: picture})) for picture in pictures]
    for picture, answer in zip(pictures, answers, strict=True):
        if answer.shape not in (picture.shape[:2], (*picture.shape[:2], 4)):
            raise Unusable(f"a picture of shape {picture.shape} gives {OUTPUT} of shape {answer.shape}")
    return answers


def scale_of(answers: list[np.ndarray]) -> float:
    """What turns the graph's numbers into 0..1: some float graphs are there already."""
    unit = answers[0].dtype.kind == "f" and max(float(answer.max()) for answer in answers) <= 1.001
    return 1.0 if unit else 1 / 255


def alpha_of(answer: np.ndarray, scale: float) -> np.ndarray:
    """float32 [H, W] in 0..1 from RGBA [H, W, 4] or a lone matte [H, W]."""
    matte = answer if answer.ndim == 2 else answer[..., 3]
    return np.asarray(matte, np.float32) * np.float32(scale)


def to_onnx(graph: Any, rank: int, scale: float) -> bytes:
    """Convert with tf2onnx, then end the graph in `alpha`. Raises Unusable for operations it can't do."""
    import tf2onnx

    model, _ = tf2onnx.convert.from_graph_def(
        graph, name="cv_unet", input_names=[INPUT], output_names=[OUTPUT], opset=OPSET
    )
    foreign = sorted({node.op_type for node in model.graph.node if not has_schema(node)})
    if foreign:
        raise Unusable(f"ONNX has nothing for the operations {', '.join(foreign)}")
    end_in_alpha(model, rank, scale)
    return bytes(model.SerializeToString())


def has_schema(node: Any) -> bool:
    """Whether ONNX itself defines the node: tf2onnx leaves what it can't convert as it was."""
    import onnx

    return bool(onnx.defs.has(node.op_type, domain=node.domain))


def end_in_alpha(model: Any, rank: int, scale: float) -> None:
    """Replace the RGBA output by its last channel, float32 in 0..1."""
    import onnx
    from onnx import helper

    nodes, last = [], OUTPUT
    if rank == 3:
        model.graph.initializer.append(helper.make_tensor("alpha_index", onnx.TensorProto.INT64, [], [3]))
        nodes.append(helper.make_node("Gather", [last, "alpha_index"], ["alpha_raw"], axis=2))
        last = "alpha_raw"
    model.graph.initializer.append(helper.make_tensor("alpha_scale", onnx.TensorProto.FLOAT, [], [scale]))
    nodes.append(helper.make_node("Cast", [last], ["alpha_float"], to=onnx.TensorProto.FLOAT))
    nodes.append(helper.make_node("Mul", ["alpha_float", "alpha_scale"], [ALPHA]))
    model.graph.node.extend(nodes)
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info(ALPHA, onnx.TensorProto.FLOAT, ["H", "W"]))
    onnx.checker.check_model(model)


def run_onnx(target: Path, pictures: list[np.ndarray]) -> list[np.ndarray]:
    """Alpha of each picture by the converted graph, on the CPU."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    return [np.asarray(session.run([ALPHA], {INPUT: picture})[0]) for picture in pictures]


def compare(before: np.ndarray, after: np.ndarray, shape: tuple[int, ...]) -> dict[str, float]:
    """Figures of one picture. Raises Unusable when the two mattes are not the same within TOLERANCE."""
    size = f"{shape[1]}x{shape[0]}"
    if before.shape != after.shape:
        raise Unusable(f"at {size} TensorFlow gives {before.shape} and ONNX {after.shape}")
    difference = np.abs(before - after)
    # Written so that NaN counts as different.
    stray = 1.0 - float(np.mean(difference <= TOLERANCE))
    if stray > STRAY:
        raise Unusable(
            f"at {size} ONNX differs from TensorFlow on {stray:.1%} of the pixels, "
            f"by up to {difference.max():.3f}"
        )
    return {
        "height": shape[0],
        "width": shape[1],
        "largest_difference": float(difference.max()),
        "stray_pixels": stray,
        "alpha_low": float(before.min()),
        "alpha_high": float(before.max()),
    }


def versions() -> dict[str, str]:
    """Of the packages that the result hangs on, by their names."""
    from importlib.metadata import version

    return {name: version(name) for name in ("tensorflow-cpu", "tf2onnx", "onnx", "onnxruntime")}


if __name__ == "__main__":
    try:
        main(*(Path(argument) for argument in sys.argv[1:4]))
    except Unusable as reason:
        print(f"error: {reason}", flush=True)
        sys.exit(3)
