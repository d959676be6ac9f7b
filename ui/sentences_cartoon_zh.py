"""Chinese for the sentences that the Cartoon tab's pipeline makes; `{}` stands for a value."""

CARTOONS: dict[str, str] = {
    "No face was found: the whole picture was drawn in the style's background net.": (
        "没有找到人脸：整张图片用该风格的背景模型绘制。"
    ),
    "There is no face {}: {} were found.": "没有第 {} 张人脸：共找到 {} 张。",
    "JPEG has no transparency: the picture stands on white.": "JPEG 不支持透明，图片放在白色背景上。",
    "faces can't be {}.": "人脸选项不能是 {}。",
    "Use all, off, or numbers such as 1,3 or 1=anime,2=sketch@0.6.": (
        "请使用 all、off 或编号，例如 1,3 或 1=anime,2=sketch@0.6。"
    ),
    "There is no style {}.": "没有风格 {}。",
    "A face's strength can't be {}.": "人脸的强度不能是 {}。",
    "The choice of faces can't be read.": "无法读取人脸选项。",
    "Load the page again.": "请重新加载页面。",
    # films
    "No face was found: the whole film was drawn in the style's background net.": (
        "没有找到人脸：整部影片用该风格的背景模型绘制。"
    ),
    "The film is damaged: {} of about {} frames could be read.": "影片已损坏：读出了 {} 帧（约共 {} 帧）。",
    "Not all of the film's sound could be kept.": "影片的声音没能全部保留。",
    "MP4 has no transparency: see-through parts stand on white.": "MP4 不支持透明，透明部分放在白色背景上。",
    "Looking through the part that is drawn already": "正在检查已绘制的部分",
    "This file is not a film that can be read.": "该文件不是可以读取的影片。",
    "Use an MP4, WebM, MOV or GIF file that other players show.": (
        "请使用其他播放器能播放的 MP4、WebM、MOV 或 GIF 文件。"
    ),
    "The film's pictures can't be decoded.": "无法解码影片的画面。",
    "This file holds no moving picture.": "该文件中没有动态画面。",
    "The film holds no picture that can be decoded.": "影片中没有可以解码的画面。",
    "The film's frames are too large ({}x{}).": "影片的画面太大（{}x{}）。",
    "Scale the film down and try again.": "请缩小影片后再试。",
    "The film is {} minutes long; {} minutes is the limit.": "影片长 {} 分钟，上限为 {} 分钟。",
    "Cut it into shorter ones, or raise INKFRAME_MAX_FILM_MINUTES.": (
        "请剪成更短的影片，或调高 INKFRAME_MAX_FILM_MINUTES。"
    ),
    "The film has {} MB; {} MB is the limit.": "影片大小为 {} MB，上限为 {} MB。",
    "Cut it into shorter ones, or raise INKFRAME_MAX_FILM_MB.": (
        "请剪成更短的影片，或调高 INKFRAME_MAX_FILM_MB。"
    ),
    "The job's film is no longer there.": "该任务的影片已不在。",
    "Start a new job with the same film.": "请用同一部影片重新开始。",
    "Nothing of this film is finished yet.": "这部影片还没有完成的部分。",
    "Try again when a part of it is drawn.": "请在绘制出一部分后再试。",
}
