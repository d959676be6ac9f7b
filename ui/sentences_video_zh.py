"""Chinese for the sentences that the Image → Video tab's pipeline makes; `{}` stands for a value."""

VIDEOS: dict[str, str] = {
    "Camera moves": "镜头运动",
    "Frames in between": "中间帧",
    "{} times {} frames a second are too many.": "每秒 {} × {} 帧太多了。",
    "At most {} are written: ask for fewer times as many, or name a rate.": (
        "最多写入每秒 {} 帧：请减小倍数，或指定帧率。"
    ),
    "RIFE ran out of memory.": "RIFE 内存不足。",
    "Choose the builtin interpolation.": "请选择光流。",
    "{} and {} more": "{} 和另外 {} 张",
    "left out.": "已略过。",
    # the pictures
    "There is no picture to make a film of.": "没有可以制作影片的图片。",
    "Add at least one.": "请至少添加一张。",
    "{} pictures are too many for one film.": "一部影片放不下 {} 张图片。",
    "Use at most {}.": "请最多使用 {} 张。",
    "This is no picture that can be filmed.": "无法用这张图片制作影片。",
    "Open it as 8-bit RGB or RGBA.": "请以 8 位 RGB 或 RGBA 打开。",
    "{} is no longer on the server.": "{} 已不在服务器上。",
    "Remove it and add the file again.": "请移除后重新添加该文件。",
    "The pictures can't be read.": "无法读取图片列表。",
    "The job's pictures are no longer there.": "该任务的图片已不在。",
    "Start a new film with them.": "请用这些图片重新制作。",
    "Nothing of this film can be shown yet.": "这部影片还没有可以显示的部分。",
    "Try again when more of it is drawn.": "请在绘制出更多后再试。",
    # a style over time
    "The style's keyframes need rising times from 0 to 1.": "风格关键帧的时间须从 0 到 1 递增。",
    "A style's strength goes from 0 to 1.": "风格强度为 0 到 1。",
    "{} is no keyframe of a style.": "{} 不是风格关键帧。",
    "Write TIME=STYLE@STRENGTH with numbers from 0 to 1, such as 0=anime@0, 0.5=anime@1, 1=sketch@1.": (
        "请写成 时间=风格@强度，数字为 0 到 1，例如 0=anime@0, 0.5=anime@1, 1=sketch@1。"
    ),
    # what is done
    "Looking at the pictures": "正在查看图片",
    "Looking at the pictures ({} of {})": "正在查看图片（{} / {}）",
    "Cutting the music": "正在剪辑音乐",
    "Writing the file": "正在写入文件",
    # the options
    "A film can't be {}x{}.": "影片不能是 {}×{}。",
    "Use sides from {} to {} pixels.": "请使用 {} 到 {} 像素的边长。",
    "A film can't have {}x{} pixels.": "影片不能是 {}×{} 像素。",
    "Use at least 1 pixel a side.": "每边至少 1 像素。",
    "The film would be {} minutes long; {} is the limit.": "影片将长 {} 分钟，上限为 {} 分钟。",
    "Show the pictures for less time, or raise INKFRAME_MAX_FILM_MINUTES.": (
        "请缩短每张图片的时间，或调高 INKFRAME_MAX_FILM_MINUTES。"
    ),
    "Use a number from {} to {} or a fraction, such as 25, 29.97 or 30000/1001.": (
        "请使用 {} 到 {} 之间的数字或分数，例如 25、29.97 或 30000/1001。"
    ),
    "{} has at most {} frames a second, not {}.": "{} 每秒最多 {} 帧，不能是 {}。",
    "Use an fps of {} or less, or another format.": "请使用不超过 {} 的帧率，或换一种文件类型。",
    "Use auto, transparent or a colour as #rrggbb.": "请使用 auto、transparent 或 #rrggbb 形式的颜色。",
    "motions can't have {}.": "运动列表中不能有 {}。",
    "Use: {}.": "可用：{}。",
    "durations can't have {}.": "时长列表中不能有 {}。",
    "Use seconds from {} to {}, as in 5,3,4.": "请使用 {} 到 {} 之间的秒数，例如 5,3,4。",
    "No encoder in hardware opens on this machine for this size.": "本机没有可用于该尺寸的硬件编码器。",
    "Use encoder auto or software.": "请使用自动或 CPU 编码。",
    "The film needs at least {} and {} are free on the outputs' disk.": (
        "影片至少需要 {}，输出所在磁盘只剩 {}。"
    ),
    "Free some space, clean up the history, or make the film smaller or shorter.": (
        "请释放一些空间、清理历史，或把影片做得更小、更短。"
    ),
    # the music
    "The music is no sound file that can be read.": "音乐不是可以读取的声音文件。",
    "The music file holds no sound that can be decoded.": "音乐文件中没有可以解码的声音。",
    "Use an MP3, M4A, WAV, FLAC or OGG file that other players play.": (
        "请使用其他播放器能播放的 MP3、M4A、WAV、FLAC 或 OGG 文件。"
    ),
    "The music is over before {} s.": "音乐在 {} 秒之前就结束了。",
    "Use a smaller music_start.": "请把开始位置调小。",
    "The music has only {} s after its start: it begins again until the film ends.": (
        "音乐从开始位置起只有 {} 秒，会循环到影片结束。"
    ),
    "The music ends after {} s, before the film.": "音乐在 {} 秒后结束，早于影片。",
    "{} has no sound: the music was left out.": "{} 没有声音，已略过音乐。",
    # notes
    "The film is {}x{}: the format needs even sides.": "影片为 {}×{}：该文件类型的边长必须是偶数。",
    "The picture is very long: the film shows a part of it at a time.": (
        "图片非常长，影片每次只显示其中一部分。"
    ),
    "Set width and height for others.": "如需其他形状，请设定宽度和高度。",
    "The transition was shortened to {} s where a picture is shown for less.": (
        "有图片的显示时间较短，过渡缩短为 {} 秒。"
    ),
    "{} has no transparency: see-through parts stand on black.": "{} 不支持透明，透明部分放在黑色背景上。",
    "No subject was found to follow, so the camera goes to the middle.": "没有找到可跟随的主体，镜头移向中央。",
    "No subject was found to move against its background, so the picture moves as a whole.": (
        "没有找到可与背景分开移动的主体，图片整体移动。"
    ),
    "A see-through picture has no background to move against, so it moves as a whole.": (
        "透明图片没有可作对照的背景，图片整体移动。"
    ),
    "The camera goes only {} of its way: further, too much made-up background would show.": (
        "镜头只走了全程的 {}：再远会露出太多补画的背景。"
    ),
    "The preview shows the first {} of {} seconds.": "预览显示前 {} 秒，共 {} 秒。",
}
