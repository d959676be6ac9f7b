"""Make and run small frozen graphs with CV-UNet's interface. Runs inside the converter's environment only.

    python tensorflow_graphs.py make VARIANT OUT.pb
    python tensorflow_graphs.py run GRAPH.pb PICTURES.npz ALPHAS.npz

Variants: "uint8", "float", "unit" (0..1), "matte" (no RGB), "unranked" (input without a shape), "gated"
(old-style control flow), "renamed" (no output_png), "unknown-op" (nothing in ONNX for it), "writes" and
"writes-inside" (a file beside the graph, from the graph or a function of it).
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
RNG = np.random.default_rng(7)


def weights(*shape: int) -> Any:
    return tf.constant(RNG.normal(0, 1.6 / np.sqrt(np.prod(shape[:3])), shape).astype(np.float32))


def block(x: Any, channels: int, stride: int) -> Any:
    """SAME convolution, batch normalisation with fixed figures, ReLU6."""
    x = tf.nn.conv2d(x, weights(3, 3, x.shape[-1], channels), stride, "SAME")
    gamma, beta, mean = (tf.constant(RNG.normal(m, 0.2, channels).astype(np.float32)) for m in (1, 0, 0))
    variance = tf.constant(RNG.uniform(0.5, 1.5, channels).astype(np.float32))
    x, *_ = v1.nn.fused_batch_norm(x, gamma, beta, mean, variance, is_training=False)
    return tf.nn.relu6(x)


def matte(image: Any) -> Any:
    """Alpha [H, W] in 0..1 by a small U-net: legacy resizes, transposed convolution, skips."""
    size = tf.shape(image)[:2]
    padded = tf.cast(tf.math.ceil(tf.cast(size, tf.float32) / 16), tf.int32) * 16
    x = v1.image.resize_bilinear(image[None] / 127.5 - 1.0, padded)
    one = block(x, 8, 2)
    two = block(one, 12, 2)
    three = block(two, 16, 2)
    shape = tf.shape(two)
    up = tf.nn.conv2d_transpose(
        three, weights(4, 4, 12, 16), tf.stack([1, shape[1], shape[2], 12]), 2, "SAME"
    )
    up = block(tf.concat([tf.nn.relu(up), two], -1), 12, 1)
    up = v1.image.resize_bilinear(up, tf.shape(one)[1:3], align_corners=True)
    up = block(tf.concat([up, one], -1), 8, 1)
    up = v1.image.resize_nearest_neighbor(up, padded)
    up = tf.pad(up, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT")
    logits = tf.nn.conv2d(up, weights(3, 3, 8, 1), 1, "VALID")
    logits = v1.image.resize_bilinear(logits, size)
    return tf.sigmoid(3.0 * (logits - tf.reduce_mean(logits)))[0, :, :, 0]


def write_file(target: str) -> Any:
    return tf.raw_ops.WriteFile(filename=target + ".written", contents="by the graph")


def leave_a_file(alpha: Any, target: str, inside: bool) -> Any:
    """The same alpha from a graph that writes a file first."""
    if not inside:
        with tf.control_dependencies([write_file(target)]):
            return tf.identity(alpha)

    @tf.function  # type: ignore[untyped-decorator]
    def through(x: Any) -> Any:
        with tf.control_dependencies([write_file(target)]):
            return tf.identity(x)

    return through(alpha)


def build(variant: str, target: str) -> None:
    image = v1.placeholder(tf.float32, (None, None, 3), name="input_image")
    alpha = matte(image)
    if variant == "gated":
        bright = tf.reduce_mean(image) > 40.0
        alpha = tf.cond(bright, lambda: alpha * 1.0, lambda: tf.zeros_like(alpha))
    if variant == "unknown-op":
        alpha = tf.raw_ops.Betainc(a=alpha + 1.0, b=alpha + 2.0, x=alpha)
    if variant in ("writes", "writes-inside"):
        alpha = leave_a_file(alpha, target, variant == "writes-inside")
    if variant == "unit":
        png = tf.concat([image / 255.0, alpha[..., None]], -1)
    else:
        png = tf.concat([image, alpha[..., None] * 255.0], -1)
    if variant == "matte":
        png = png[..., 3]
    if variant not in ("float", "unit"):
        png = tf.cast(png, tf.uint8)
    tf.identity(png, name="result" if variant == "renamed" else "output_png")


def make(variant: str, target: str) -> None:
    v1.disable_control_flow_v2()
    with tf.Graph().as_default() as graph:
        build(variant, target)
    definition = graph.as_graph_def()
    if variant == "unranked":
        entry = next(node for node in definition.node if node.name == "input_image")
        entry.attr["shape"].shape.CopyFrom(tf.TensorShape(None).as_proto())
    with open(target, "wb") as file:
        file.write(definition.SerializeToString())


def run(source: str, pictures: str, target: str) -> None:
    definition = v1.GraphDef()
    with open(source, "rb") as file:
        definition.ParseFromString(file.read())
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        tf.import_graph_def(definition, name="")
        with np.load(pictures) as loaded:
            answers = {
                name: session.run("output_png:0", {"input_image:0": loaded[name].astype(np.float32)})
                for name in loaded.files
            }
    np.savez(target, **answers)


if __name__ == "__main__":
    {"make": make, "run": run}[sys.argv[1]](*sys.argv[2:])
