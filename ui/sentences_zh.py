"""Chinese for the sentences of errors, notes and hints; `{}` stands for a value and keeps its order."""

from ui.sentences_batch_zh import BATCHES
from ui.sentences_cartoon_zh import CARTOONS
from ui.sentences_diffusion_zh import DIFFUSION
from ui.sentences_live_zh import LIVE
from ui.sentences_video_zh import VIDEOS

PICTURES: dict[str, str] = {
    "The file is empty.": "文件是空的。",
    "Choose the file again; its copy may have failed.": "请重新选择文件，复制可能没有完成。",
    "The file has {} MB; {} MB is the limit.": "文件大小为 {} MB，上限为 {} MB。",
    "Scale the picture down or save it as JPEG.": "请缩小图片或存为 JPEG。",
    "The picture has too many pixels ({}x{}; the limit is {} megapixels).": (
        "图片像素过多（{}x{}，上限为 {} 百万像素）。"
    ),
    "The picture has too many pixels{}.": "图片像素过多{}。",
    "Scale it down and try again.": "请缩小后再试。",
    "There is not enough memory for this picture.": "内存不足，无法处理这张图片。",
    "The picture is too small ({}x{}).": "图片太小（{}x{}）。",
    "Use one with at least {} pixels a side.": "请使用边长至少 {} 像素的图片。",
    "The picture is too narrow ({}x{}).": "图片太窄（{}x{}）。",
    "Use one whose longer side is at most {} times the shorter.": "长边不能超过短边的 {} 倍。",
    "{} can't be read.": "无法读取 {}。",
    "Check that the file may be read.": "请检查文件的读取权限。",
    "There is no file {}.": "没有文件 {}。",
    "Nobody was found in the picture, so the general model did it.": "图中没有发现人，因此由通用模型处理。",
    "The model was unsure over a wide area; the plain mask was kept there.": (
        "模型对大片区域不确定，这些区域保留了原始蒙版。"
    ),
    "This file is not a picture.": "该文件不是图片。",
    "Use a JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF file.": "请使用 JPEG、PNG、WebP、TIFF、BMP、GIF 或 AVIF 文件。",
    "This is a PDF, not a picture.": "这是 PDF，不是图片。",
    "Export the page as PNG or JPEG and use that file.": "请把页面导出为 PNG 或 JPEG 后使用。",
    "This is an archive, not a picture.": "这是压缩包，不是图片。",
    "Unpack it and use one of its pictures.": "请解压后使用其中的图片。",
    "This is a web page, not a picture.": "这是网页，不是图片。",
    "Save the picture itself and use that file.": "请保存图片本身后使用。",
    "The picture is cut off or damaged.": "图片不完整或已损坏。",
    "Open the original, save it again and use that file.": "请打开原图，重新保存后使用。",
    "SVG drawings are not read.": "不支持 SVG 图形。",
    "Export the drawing as PNG and use that file.": "请把图形导出为 PNG 后使用。",
    "HEIC pictures can't be read here.": "这里无法读取 HEIC 图片。",
    "Save the picture as JPEG or PNG first.": "请先存为 JPEG 或 PNG。",
    "This kind of TIFF can't be read, or it is damaged.": "无法读取这种 TIFF，或文件已损坏。",
    "Save it as PNG or as 8-bit RGB TIFF first.": "请先存为 PNG 或 8 位 RGB TIFF。",
    "The picture holds no numbers.": "图片中没有有效数值。",
    "Save it again as 8-bit or 16-bit and use that file.": "请重新存为 8 位或 16 位后使用。",
    "The file has several frames or pages; only the first one was used.": "文件有多帧或多页，只使用了第一帧。",
    "The picture was reduced to 8 bits a channel.": "图片已降为每通道 8 位。",
    "The picture's values have no fixed white; they were stretched from the darkest to the brightest.": (
        "图片的数值没有固定的白点，已从最暗到最亮拉伸。"
    ),
    "The picture's colours were converted to sRGB by its colour profile.": "已按色彩配置文件将颜色转换为 sRGB。",
    "The picture's colours were converted to sRGB without a colour profile.": (
        "图片没有色彩配置文件，已直接转换为 sRGB。"
    ),
    "That file did not come through an upload.": "该文件不是通过上传得到的。",
    "Choose the file again.": "请重新选择文件。",
    "This run made no picture that could be sent on.": "这条记录没有可以发送的图片。",
    "Choose a run of one picture.": "请选择单张图片的记录。",
}

WORK: dict[str, str] = {
    "The server has more work than it can queue.": "服务器上排队的任务太多。",
    "Try again in a few seconds.": "请过几秒再试。",
    "There is no such run.": "没有这条记录。",
    "It may have been deleted; look into the history.": "它可能已被删除，请查看历史。",
    "The run has no such file.": "这条记录中没有该文件。",
    "Open the run again to see what it holds.": "请重新打开这条记录查看内容。",
    "The outputs folder {} can't be written ({}).": "无法写入输出文件夹 {}（{}）。",
    "Check its rights, or choose another folder with --outputs or INKFRAME_OUTPUTS.": (
        "请检查权限，或用 --outputs 或 INKFRAME_OUTPUTS 选择其他文件夹。"
    ),
    "The disk with the outputs folder is full.": "输出文件夹所在的磁盘已满。",
    "Free some space or clean up the history.": "请释放空间或清理历史。",
    "No background picture was given.": "没有背景图片。",
    "Add one, or choose another background.": "请添加一张，或选择其他背景。",
    "The GPU ran out of memory; this picture was done on the CPU.": "显存不足，这张图片改在 CPU 上完成。",
    "No subject was found: the result is all but empty. Try another model.": "没有找到主体，结果几乎为空。请换个模型。",
    "JPEG has no transparency: the subject stands on white.": "JPEG 不支持透明，主体放在白色背景上。",
    "background can't be {}.": "背景不能是 {}。",
    "Use {} or a colour such as #ffffff.": "请使用 {} 或颜色，例如 #ffffff。",
    "The foreground mode can't be {}.": "前景模式不能是 {}。",
    "{} can't be {}.": "{} 不能是 {}。",
    "Use true or false.": "请使用 true 或 false。",
    "Use one of: {}.": "请使用以下之一：{}。",
    "Use a number from {} to {}.": "请使用 {} 到 {} 之间的数字。",
    "Use a number.": "请使用数字。",
    "Use a whole number from 0 up.": "请使用不小于 0 的整数。",
    "There is no option {}.": "没有选项 {}。",
    "Options are: {}.": "可用选项：{}。",
    "{} holds at most {} pixels a side.": "{} 每边最多 {} 像素。",
    "Choose png as the file type.": "请选择 PNG 格式。",
}

DEVICES: dict[str, str] = {
    "The installed ONNX Runtime has no CUDA provider.": "已安装的 ONNX Runtime 不支持 CUDA。",
    "The NVIDIA driver is for CUDA {}; CUDA 13 needs driver {} or later.": (
        "NVIDIA 驱动支持 CUDA {}；CUDA 13 需要 {} 或更新的驱动。"
    ),
    "No CUDA device was found in this machine.": "这台机器上没有找到 CUDA 设备。",
    "Use --device cpu or auto (INKFRAME_DEVICE from a shell), or install an NVIDIA driver for CUDA 13.": (
        "请使用 --device cpu 或 auto（命令行中用 INKFRAME_DEVICE），或安装支持 CUDA 13 的 NVIDIA 驱动。"
    ),
    "ONNX Runtime can't load CUDA: {}": "ONNX Runtime 无法加载 CUDA：{}",
    "Inkframe ended {} times in a row while it worked on this.": "处理此任务时 Inkframe 连续 {} 次中断。",
    "Close other programs or use a smaller input, then resume the job.": (
        "请关闭其他程序或使用较小的输入，然后继续该任务。"
    ),
    "The device ran out of memory.": "设备内存不足。",
    "Close other programs or use a smaller model.": "请关闭其他程序或使用更小的模型。",
    "{} does not fit into the device's memory.": "设备内存放不下 {}。",
    "Use a smaller model or --device cpu (INKFRAME_DEVICE=cpu from a shell).": (
        "请使用更小的模型或 --device cpu（命令行中用 INKFRAME_DEVICE=cpu）。"
    ),
}

MODELS: dict[str, str] = {
    "{} is not on this machine yet.": "{} 还不在这台机器上。",
    "{} is not on this machine.": "{} 不在这台机器上。",
    "There is no model called {}.": "没有名为 {} 的模型。",
    "Choose one of: {}.": "请从中选择：{}。",
    "Download the model first.": "请先下载模型。",
    "{} is damaged: {}.": "{} 已损坏：{}。",
    "Restore weights/builtin/ from a fresh copy of Inkframe.": "请从新的 Inkframe 副本恢复 weights/builtin/。",
    "Run ./run.sh setup, which installs {}.": "请运行 ./run.sh setup，它会安装 {}。",
    "{} comes with Inkframe.": "{} 随 Inkframe 提供。",
    "Only downloaded models can be deleted.": "只能删除下载的模型。",
    "{} can't be downloaded: Inkframe runs offline.": "无法下载 {}：Inkframe 正在离线运行。",
    "Start it without --offline or INKFRAME_OFFLINE.": "请去掉 --offline 或 INKFRAME_OFFLINE 后重新启动。",
    "{} is under a licence that needs your yes: {}.": "{} 的许可需要您的同意：{}。",
    "Tick the box first: this model's licence needs your yes.": "请先勾选：该模型的许可需要您的同意。",
    "{} can't be opened as a model.": "无法把 {} 作为模型打开。",
    "Delete it on the Models page and download it again.": "请在“模型”页删除后重新下载。",
    "{} holds no graph of DCT-Net: {}.": "{} 中没有 DCT-Net 的图：{}。",
    "{} is not a DCT-Net graph: {} works in another way.": "{} 不是 DCT-Net 的图：{} 的工作方式不同。",
    "{} is not a DCT-Net graph: it has {} convolutions instead of {}.": (
        "{} 不是 DCT-Net 的图：它有 {} 个卷积，应为 {} 个。"
    ),
    "{} is not a DCT-Net graph: convolution {} of {} ({}) is missing.": (
        "{} 不是 DCT-Net 的图：缺少第 {} 个卷积（共 {} 个，{}）。"
    ),
    "{} is not a DCT-Net graph: convolution {} of {} is {} instead of {}.": (
        "{} 不是 DCT-Net 的图：第 {} 个卷积（共 {} 个）为 {}，应为 {}。"
    ),
    "{} is not a DCT-Net graph: convolution {} holds values that are not numbers.": (
        "{} 不是 DCT-Net 的图：第 {} 个卷积含有非数值。"
    ),
    "{} is not a picture.": "{} 不是图片。",
    "ModelScope can't be reached ({}).": "无法连接 ModelScope（{}）。",
    "The models folder {} can't be written: {}.": "无法写入模型文件夹 {}：{}。",
    "The models folder {} can't be written.": "无法写入模型文件夹 {}。",
    "Give write access to it, or set INKFRAME_WEIGHTS to another folder.": (
        "请授予写入权限，或把 INKFRAME_WEIGHTS 设为其他文件夹。"
    ),
    "{} needs {} of disk and {} are free in {}.": "{} 需要 {} 磁盘空间，目前可用 {}（{}）。",
    "Free some space, delete models that you don't use, or set INKFRAME_WEIGHTS to another disk.": (
        "请释放空间、删除不用的模型，或把 INKFRAME_WEIGHTS 设到其他磁盘。"
    ),
    "The disk of {} is full.": "{} 所在的磁盘已满。",
    "Free some space and start again; it goes on where it stopped.": "请释放空间后重新开始，会从中断处继续。",
    "Free some space and start again; {}.": "请释放空间后重新开始；{}。",
    "Check the network and start again; {}. Models already here go on working.": (
        "请检查网络后重新开始；{}。已有的模型照常可用。"
    ),
    "Start again; {}.": "请重新开始；{}。",
    "Trying again in {} s.": "{} 秒后重试。",
    "The hub doesn't have what {} needs: {}.": "模型库中没有 {} 所需的内容：{}。",
    "It may have moved: update Inkframe.": "它可能已移动，请更新 Inkframe。",
    "The hub refused {}.": "模型库拒绝了 {}。",
    "Set MODELSCOPE_API_TOKEN to the token of an account with access.": (
        "请把 MODELSCOPE_API_TOKEN 设为有权限的账号令牌。"
    ),
    "{} arrived damaged: its contents are not what the hub listed.": "{} 下载后校验不符，与模型库的记录不一致。",
    "Nothing of it was kept. Try again later.": "没有保留任何内容，请稍后再试。",
    "The hub offers another {} in {} than the one that Inkframe knows.": (
        "模型库提供的 {}（{}）与 Inkframe 所知的不同。"
    ),
    "The hub lists {} for {}, which has about {}.": "模型库列出的 {}（{}）与应有的大小（约 {}）不符。",
    "Update Inkframe; until then use another model.": "请更新 Inkframe，在此之前使用其他模型。",
    "The hub tells no sha256 of {} in {}, so it can't be checked.": (
        "模型库没有给出 {}（{}）的 sha256，无法校验。"
    ),
    "Try again later; until then use another model.": "请稍后再试，在此之前使用其他模型。",
    "{} was not fetched.": "{} 没有下载成功。",
    "The log says why.": "原因见日志。",
    "{} can't be converted: {}.": "无法转换 {}：{}。",
    "Use another matting model.": "请使用其他抠图模型。",
    "{} is being converted; that is done once and takes some minutes.": "{} 正在转换；只需转换一次，要几分钟。",
    "Try again then. All other models work meanwhile.": "请稍后再试。其他模型可照常使用。",
    "{} was not converted.": "{} 没有转换成功。",
    "This model has to be converted once, and the converter is not installed.": (
        "该模型需要转换一次，但转换器尚未安装。"
    ),
    "Run `cli.py models convert` once with a network, without INKFRAME_OFFLINE.": (
        "请在联网时运行一次 `cli.py models convert`，不要设置 INKFRAME_OFFLINE。"
    ),
}

CATALOGUE: dict[str, str] = {
    "Comes with the app: all seven styles and everything between them, drawn at once.": (
        "随应用自带：全部七种风格及其间的任意混合，即刻完成。"
    ),
    "Crisper frames in between where things move far; slow without a GPU.": (
        "运动幅度大时补出的中间帧更清晰；没有 GPU 时较慢。"
    ),
    "Tells near from far, for shots with parallax.": "判断远近，用于视差镜头。",
    "Comes with the app. People: faces, hair, shoulders; nothing else.": (
        "随应用自带。只识别人：脸、头发和肩膀，不含其他。"
    ),
    "Finds faces and their eyes, nose and mouth. Comes with the app.": "检测人脸及眼、鼻、口的位置。随应用自带。",
    "Comes with the app and works at once. Good for things and animals; weak on close-up faces.": (
        "随应用提供，立即可用。适合物品和动物，不擅长面部特写。"
    ),
    "The finest edges of all. Wants a GPU; a minute a picture on a laptop.": (
        "边缘最精细。需要 GPU，在笔记本上每张约一分钟。"
    ),
    "Close to BiRefNet at a quarter of its size; bearable without a GPU.": (
        "效果接近 BiRefNet，大小只有四分之一，没有 GPU 也能用。"
    ),
    "Portraits: hair and soft edges, quick.": "人像：头发和柔和边缘，速度快。",
    "All-round cut-outs by BRIA. Not for commercial use.": "BRIA 的通用抠图，不可商用。",
    "All-round cut-outs by BRIA, stronger and slower. Not for commercial use.": (
        "BRIA 的通用抠图，更强但更慢，不可商用。"
    ),
    "The large sibling of the model that comes with the app.": "随应用提供的模型的大号版本。",
    "Sharp outlines of things with thin parts.": "适合有细小部分的物品，轮廓清晰。",
    "ModelScope's own matting for any subject. Is converted once after the download.": (
        "ModelScope 自家的通用抠图，下载后转换一次。"
    ),
    "ModelScope's own matting for people. Is converted once after the download.": (
        "ModelScope 自家的人像抠图，下载后转换一次。"
    ),
    "Like an animated film: smooth skin, large clear eyes, soft light.": (
        "动画电影风格：皮肤光滑，眼睛明亮，光线柔和。"
    ),
    "Like drawn anime: pale even skin, thin lines, shining eyes.": "日系动漫风格：肤色浅而均匀，线条纤细，眼睛有神。",
    "Painted in strong warm colours with sharp brush strokes.": "浓烈的暖色，笔触分明的绘画风格。",
    "Films what a prompt says from a picture: 5 seconds at 1280x704. Needs a GPU with 12 GB or more.": (
        "按提示词把一张图片变成影片：1280x704，5 秒。需要 12 GB 以上显存的 GPU。"
    ),
    "Moves a picture for 25 frames, without a prompt. Needs a GPU with 8 GB or more. Not for commercial use.": (
        "让一张图片动起来，共 25 帧，不用提示词。需要 8 GB 以上显存的 GPU。不可商用。"
    ),
    "Films what a prompt says from a picture, the quickest of the three. Needs a GPU with 8 GB or more.": (
        "按提示词把一张图片变成影片，三者中最快。需要 8 GB 以上显存的 GPU。"
    ),
    "Flat warm areas and simple dark eyes, as on a poster.": "海报风格：大块暖色，深色的简化眼睛。",
    "Light colours and fine lines, drawn by hand.": "手绘风格：色彩清淡，线条精细。",
    "A book illustration: close to the photo, smooth, with dark lines.": (
        "书籍插画风格：接近照片，平滑，带深色线条。"
    ),
    "A pencil sketch in greys.": "灰调的铅笔素描。",
    "bria-rmbg-1.4 (non-commercial)": "bria-rmbg-1.4（非商业）",
    "CC BY-NC 4.0 (non-commercial)": "CC BY-NC 4.0（非商业）",
    "not stated on the hub": "模型库未注明",
    "stable-video-diffusion-nc-community (non-commercial)": "stable-video-diffusion-nc-community（非商业）",
    "LTX-Video Open Weights (OpenRAIL-M, with conditions of use)": (
        "LTX-Video Open Weights（OpenRAIL-M，附使用条件）"
    ),
}

TITLES: dict[str, str] = {
    "Inkframe portrait": "Inkframe 人像",
    "Inkframe cartoon": "Inkframe 卡通",
    "There is no such example.": "没有这个示例。",
    "Choose one of the pictures shown.": "请从显示的图片中选择一张。",
    "Inkframe painters": "Inkframe 画家",
    "26 paintings": "26 幅绘画",
    "Any picture as style": "任意图片作风格",
    "CV-UNet universal": "CV-UNet 通用",
    "CV-UNet portrait": "CV-UNet 人像",
    "DCT-Net 3D": "DCT-Net 3D 动画",
    "DCT-Net anime": "DCT-Net 日漫",
    "DCT-Net art style": "DCT-Net 油画",
    "DCT-Net design": "DCT-Net 海报",
    "DCT-Net hand-drawn": "DCT-Net 手绘",
    "DCT-Net illustration": "DCT-Net 插画",
    "DCT-Net sketch": "DCT-Net 素描",
}

SENTENCES: dict[str, str] = (
    PICTURES | WORK | DEVICES | MODELS | CATALOGUE | BATCHES | CARTOONS | VIDEOS | DIFFUSION | LIVE | TITLES
)
