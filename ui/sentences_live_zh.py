"""Chinese for the sentences that the Webcam Style tab's pipeline and socket make; `{}` stands for a value."""

LIVE: dict[str, str] = {
    # models
    "Comes with the app: 26 styles of painting, and everything between them, for the live camera.": (
        "随应用提供：26 种绘画风格及其混合，一次画成。"
    ),
    "Comes with the app: paints the live camera in the manner of a picture of yours.": (
        "随应用提供：按您自己图片的风格作画。"
    ),
    "Comes with the app: 14 painters' hands and everything between them, quick enough for the live camera.": (
        "随应用提供：十四位画家的笔触，可任意混合，快到可用于实时摄像头。"
    ),
    "Camera": "摄像头",
    # styles
    "There is no style called {}.": "没有名为 {} 的风格。",
    "There is no trained style called {}.": "没有名为 {} 的训练风格。",
    "There is a style called {} already.": "已有名为 {} 的风格。",
    "There is a trained style called {}.": "已有名为 {} 的训练风格。",
    "There is a picture called {} already.": "已有名为 {} 的图片。",
    "There is no picture called {}.": "没有名为 {} 的图片。",
    "A picture can't be called {}.": "图片不能命名为 {}。",
    'Use 1 to {} characters, none of them , : / \\ # < > ".': '请使用 1 到 {} 个字符，不含 , : / \\ # < > "。',
    "{} is the name of something that comes with the app.": "{} 是应用自带内容的名称。",
    "Choose another name.": "请换一个名称。",
    "Choose another name, or remove that one.": "请换一个名称，或删除原有的。",
    "Choose one of the list.": "请从列表中选择。",
    "{} pictures are kept already.": "已保存 {} 张图片。",
    "Remove one first.": "请先删除一张。",
    "These looks don't mix.": "这些风格不能混合。",
    "Mix paintings with paintings, cartoons with cartoons, your own with your own.": (
        "绘画与绘画、卡通与卡通、自己的与自己的才能混合。"
    ),
    "The style {} failed.": "风格 {} 出错了。",
    "Choose another style; the log says more.": "请选择其他风格；详情见日志。",
    "The floor of {} px is above the ceiling of {} px.": "最小尺寸 {} 像素大于最大尺寸 {} 像素。",
    "Make the floor smaller or the ceiling larger.": "请减小最小尺寸或增大最大尺寸。",
    "{} is no net of painting styles.": "{} 不是绘画风格网络。",
    "{} is no net of styles.": "{} 不是风格网络。",
    # frames and the socket
    "The camera's frames are too large ({}x{}).": "摄像头画面过大（{}x{}）。",
    "Send at most 4096x2304 pixels.": "最多 4096x2304 像素。",
    "A frame has {} MB; {} MB are the limit.": "一帧有 {} MB，上限为 {} MB。",
    "Send smaller frames: a longer side of 640 pixels is enough.": "请使用更小的画面：长边 640 像素就够了。",
    "All live places are taken.": "实时名额已满。",
    "Close another Webcam Style page, or try again later.": "请关闭其他实时风格页面，或稍后再试。",
    "No frame came for {} minutes.": "{} 分钟没有收到画面。",
    "Press Start to go on.": "请按“开始”继续。",
    "Too many messages wait.": "等待的请求过多。",
    "Send fewer.": "请减少请求。",
    "The browser's WebRTC offer can't be answered.": "无法应答浏览器的 WebRTC 请求。",
    "A WebRTC offer is for one video and nothing else.": "WebRTC 请求只能包含一路视频。",
    "Leave out sound, data and others.": "请去掉声音、数据通道等其他内容。",
    "Choose WebSocket as the connection.": "请将连接方式改为 WebSocket。",
    "The session runs already.": "会话已在进行。",
    "Send the offer before all else.": "请先发送 WebRTC 请求。",
    "The session has a WebRTC connection already.": "会话已有 WebRTC 连接。",
    "Open another session for another offer.": "请另开一个会话。",
    # what is kept
    "There is no picture to keep yet.": "还没有可以保存的画面。",
    "Start the camera and wait for the first picture.": "请启动摄像头，等第一幅画面出现。",
    "There is nothing to record yet.": "还没有可以录制的画面。",
    "Nothing was recorded: no picture came.": "什么也没录到：没有收到画面。",
    "Start the camera first.": "请先启动摄像头。",
    "Start the camera, then record again.": "请启动摄像头，再重新录像。",
    "A fault inside Inkframe ended the recording; what came before it is kept.": (
        "Inkframe 内部出错，录像已结束；之前的部分已保存。"
    ),
    "Record again; the log says more, please report it.": "请重新录像；详情见日志，欢迎反馈。",
    "It records already.": "已经在录像。",
    "Stop the recording first.": "请先停止录像。",
    # on to a platform
    "It is live already.": "已经在直播。",
    "End the broadcast first.": "请先结束直播。",
    "There is nothing to send yet.": "还没有可以发送的画面。",
    "There is no platform {}.": "没有平台 {}。",
    "Use a whole number from {} to {}.": "请使用 {} 到 {} 的整数。",
    "Inkframe is offline and opens no connection to the outside.": "Inkframe 处于离线模式，不会连接外部。",
    "A server is needed.": "需要填写服务器。",
    "Use an address such as rtmp://server/live and nothing else.": "请只填写形如 rtmp://server/live 的地址。",
    "The server's address has spaces, line breaks or letters that no address has.": (
        "服务器地址中有空格、换行或地址中不会出现的字符。"
    ),
    "The server's address can't be read.": "无法识别服务器地址。",
    "A broadcast goes to rtmp:// or rtmps:// and nothing else.": "直播只能推送到 rtmp:// 或 rtmps:// 地址。",
    "The server's address holds options or a password.": "服务器地址中含有参数或密码。",
    "What follows a ? belongs into the stream key.": "? 之后的内容属于推流密钥。",
    "The server's address lacks its server or its application.": "服务器地址缺少服务器或应用名。",
    "The stream key is missing.": "缺少推流密钥。",
    "Copy it from the platform's page for streamers.": "请从平台的主播页面复制。",
    "The stream key has a space or a line break in it.": "推流密钥中有空格或换行。",
    "Copy it again, all of it.": "请重新完整复制。",
    "The stream key has letters that no key has.": "推流密钥中有密钥不会出现的字符。",
    "Copy it again, and nothing beside.": "请重新复制，不要多复制其他内容。",
    "The stream key is an address.": "推流密钥填成了地址。",
    "The address belongs into the field for the server.": "地址应填在服务器一栏。",
    "There is no ffmpeg on this machine.": "本机没有 ffmpeg。",
    "Install it with: pip install imageio-ffmpeg==0.8.1": "请安装：pip install imageio-ffmpeg==0.8.1",
    "The server's name is not known.": "找不到该服务器名。",
    "Check the address and the connection to the internet.": "请检查地址和网络连接。",
    "The server does not answer.": "服务器没有响应。",
    "The server takes no streams right now.": "服务器目前不接收推流。",
    "It is tried again by itself; look whether the platform or the network has a fault.": (
        "会自动重试；请查看平台或网络是否有故障。"
    ),
    "There is no way to the server.": "无法到达服务器。",
    "Check the connection to the internet.": "请检查网络连接。",
    "The server's certificate is not valid.": "服务器证书无效。",
    "Check the address: the stream key is only sent to a server that proves who it is.": (
        "请检查地址：推流密钥只发送给能证明身份的服务器。"
    ),
    "The server does not speak rtmps.": "服务器不支持 rtmps。",
    "Use the platform's address as it stands there.": "请照平台给出的地址填写。",
    "The server refused the stream.": "服务器拒绝了推流。",
    "Check the stream key and that the broadcast was begun on the platform's page; keys change with each one.": (
        "请检查推流密钥，并确认已在平台页面开播；每次开播密钥都会更换。"
    ),
    "The connection to the server broke.": "与服务器的连接中断。",
    "The server takes no more data.": "服务器不再接收数据。",
    "The connection may be too slow: choose a lower bit rate.": "网络可能太慢：请选择更低的码率。",
    "ffmpeg stopped encoding.": "ffmpeg 停止了编码。",
    "Choose another size or rate; the log says more.": "请选择其他尺寸或帧率；详情见日志。",
    # a net of one's own
    "A style can't be trained here: {} is not installed.": "无法在此训练风格：未安装 {}。",
    "No style can be learnt from a picture of {}x{} pixels.": "无法从 {}x{} 像素的图片学习风格。",
    "Give one of at least {} pixels a side that is not longer than {} times its width.": (
        "请提供每边至少 {} 像素、长边不超过短边 {} 倍的图片。"
    ),
    "{} is being trained already.": "{} 已在训练中。",
    "Wait for it, cancel it, or choose another name.": "请等待、取消训练或换一个名称。",
    "{} is being trained.": "{} 正在训练。",
    "Wait for it, or cancel the training first.": "请等待，或先取消训练。",
    "Starting": "正在开始",
    "Reading the photos": "正在读取照片",
    "Learning the strokes": "正在学习笔触",
    "Writing the net": "正在写出网络",
    "Trained on {} pictures of yours and on made-up ones.": "用您的 {} 张图片和生成的图片训练。",
    "With more photos in the history, or handed in, it will paint better.": (
        "历史记录中有更多照片，或另外提供照片，会画得更好。"
    ),
    "Photos that could not be read and were left out: {}.": "无法读取而略过的照片：{} 张。",
    "The training stopped by itself: {}.": "训练自行停止：{}。",
    "Resume the job; it goes on where it was.": "请继续任务；会从中断处接着训练。",
    "The training ran out of memory.": "训练时内存不足。",
    "Close other programs, then resume the job.": "请关闭其他程序，然后继续任务。",
    "The job's picture is no longer there.": "任务的图片已不存在。",
    "Start a new job with the same picture.": "请用同一张图片新建任务。",
    "Set Inkframe up with ./run.sh setup from a whole copy of it. Own pictures work as styles without training, too, "
    "only more slowly.": "请用完整的副本运行 ./run.sh setup。自己的图片不训练也能作为风格，只是慢一些。",
    "Something went wrong inside Inkframe.": "Inkframe 内部出错了。",
    "The log has the details; please report it.": "详情见日志，请反馈给我们。",
}
