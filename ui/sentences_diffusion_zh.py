"""Chinese for the sentences of the diffusion models; `{}` stands for a value."""

DIFFUSION: dict[str, str] = {
    "The prompt is {} tokens long and {} reads {}: its end was left out.": (
        "提示词长 {} 个词元，而 {} 只读取 {} 个：末尾部分未使用。"
    ),
    "The film is {}x{}: {} works in steps of {} pixels.": "影片尺寸为 {}x{}：{} 的边长须为 {} 像素的倍数。",
    "The film has {} frames, {} seconds: {} makes one and any number of times {} more.": (
        "影片共 {} 帧，{} 秒：{} 的帧数为 1 加 {} 的倍数。"
    ),
    "The film has {} frames, {} seconds: {} makes no more at once.": (
        "影片共 {} 帧，{} 秒：{} 一次最多生成这么多。"
    ),
    "{} reads no prompt: it was left out.": "{} 不读取提示词，已忽略。",
    "{} needs a GPU with {} GB; there is none here that models can run on.": (
        "{} 需要 {} GB 显存的 GPU，而这台机器上没有可用的 GPU。"
    ),
    "Use the camera moves, which need none, or run Inkframe on a machine with an NVIDIA GPU.": (
        "请使用无需 GPU 的镜头运动，或在配有 NVIDIA GPU 的机器上运行 Inkframe。"
    ),
    "{} needs a GPU with {} GB; {} has {}.": "{} 需要 {} GB 显存的 GPU；{} 只有 {} GB。",
    "Use another engine or the camera moves; memory=least tries all the same.": (
        "请换用其他模型或镜头运动；选择“最省显存”仍可一试。"
    ),
    "The memory does not suffice for {} frames of {}x{} with {}.": "内存不足以生成 {} 帧 {}x{} 的影片（{}）。",
    "Diffusion needs packages that are not installed: {}.": "扩散模型需要尚未安装的软件包：{}。",
    "Install them: pip install -r requirements-diffusion.txt -c constraints.txt": (
        "请安装：pip install -r requirements-diffusion.txt -c constraints.txt"
    ),
    "{} has {} characters; {} is the limit.": "{} 有 {} 个字符，上限为 {}。",
    "Say it in a few sentences: the models read the first hundreds of words.": (
        "请用几句话说明：模型只读取开头的几百个词。"
    ),
    "A diffusion engine films one picture, not {}.": "扩散模型一次只处理一张图片，而不是 {} 张。",
    "Film each by itself, or all with engine=camera.": "请逐张生成，或用镜头运动处理全部图片。",
}
