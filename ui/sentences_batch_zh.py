"""Chinese for the sentences that batches make; `{}` stands for a value and keeps its order."""

BATCHES: dict[str, str] = {
    # why a file was not done
    "This is a link, and links are not followed.": "这是链接，不会跟随链接。",
    "This is not an ordinary file.": "这不是普通文件。",
    "This file is protected by a password.": "该文件有密码保护。",
    "Pack it again without one.": "请去掉密码后重新打包。",
    "This file is packed with {}, which is not read.": "该文件用 {} 压缩，无法读取。",
    "Pack it again as an ordinary zip.": "请重新打包为普通 zip。",
    "This file unpacks to more than {} times its size, as zip bombs do.": (
        "该文件解压后超过其大小的 {} 倍，疑似压缩炸弹。"
    ),
    "Scale the picture down.": "请缩小图片。",
    "Its name has more than {} bytes.": "文件名超过 {} 字节。",
    "This file is damaged in the zip.": "该文件在 zip 中已损坏。",
    "This file is cut off in the zip.": "该文件在 zip 中不完整。",
    "The zip is damaged and its list of files is lost.": "zip 已损坏，文件列表已丢失。",
    "What could still be found was read; anything else is gone.": "还能找到的都已读取，其余无法恢复。",
    "This zip is inside a zip inside a zip.": "该 zip 位于两层 zip 之内。",
    "Only one level is opened.": "只打开一层。",
    "There is nothing in it.": "里面什么都没有。",
    "This file can't be read ({}).": "无法读取该文件（{}）。",
    "Something went wrong inside Inkframe with this picture; the log says more.": (
        "Inkframe 处理这张图片时内部出错，详情见日志。"
    ),
    # what was changed
    "Its name was read as Chinese (GBK).": "文件名按中文（GBK）读取。",
    "Its name was read as DOS text (cp437).": "文件名按 DOS 编码（cp437）读取。",
    "Its name is damaged; unreadable letters became {}.": "文件名已损坏，无法辨认的字符显示为 {}。",
    "Backslashes in its name were read as folders.": "文件名中的反斜杠按文件夹处理。",
    "Its name pointed outside the zip; that part of the name was left out.": (
        "文件名指向 zip 之外，该部分已去掉。"
    ),
    "Its name held control characters; each became _.": "文件名中的控制字符已换成 _。",
    "It had no name.": "该文件没有名称。",
    "Saved under another name, because its own is not allowed on every system.": (
        "原名称不是所有系统都允许，已换名保存。"
    ),
    "Saved under a shorter name, because its own is too long.": "原名称过长，已缩短保存。",
    "Saved as {}, because another file of the batch already has its name.": (
        "已存为 {}，因为这批中已有同名文件。"
    ),
    # why a batch can't start
    "There is nothing in {}.": "{} 里什么都没有。",
    "There is no file.": "没有文件。",
    "No picture in {} can be read.": "{} 中没有可以读取的图片。",
    "There are no pictures in {}.": "{} 中没有图片。",
    "{} is one part of a split zip.": "{} 是分卷 zip 的一部分。",
    "{} is {}, not a zip.": "{} 是 {}，不是 zip。",
    "{} is not a zip, or too damaged to find a file in it.": "{} 不是 zip，或损坏严重，找不到任何文件。",
    "Pack the pictures as an ordinary zip.": "请把图片打包为普通 zip。",
    "The zip unpacks to more than {} MB.": "zip 解压后超过 {} MB。",
    "Split it into smaller ones, or raise INKFRAME_MAX_BATCH_UNPACKED_MB.": (
        "请拆成较小的 zip，或调大 INKFRAME_MAX_BATCH_UNPACKED_MB。"
    ),
    "The names in the zip are too long.": "zip 中的文件名过长。",
    "Shorten them, or split the zip.": "请缩短文件名，或拆分 zip。",
    "There are more than {} files.": "文件超过 {} 个。",
    "Split them into several batches, or raise INKFRAME_MAX_BATCH_FILES.": (
        "请分成几批，或调大 INKFRAME_MAX_BATCH_FILES。"
    ),
    "The batch has {} MB; {} MB is the limit.": "这批共 {} MB，上限为 {} MB。",
    "Split it into several batches, or raise INKFRAME_MAX_BATCH_MB.": (
        "请分成几批，或调大 INKFRAME_MAX_BATCH_MB。"
    ),
    "The upload has more than {} files.": "上传的文件超过 {} 个。",
    "Send fewer at a time, or raise INKFRAME_MAX_BATCH_FILES.": (
        "请减少每次的数量，或调大 INKFRAME_MAX_BATCH_FILES。"
    ),
    "This server takes no pictures from its own folders.": "此服务器未开放本机文件夹。",
    "Set INKFRAME_INPUT_FOLDERS to the folders that may be read.": (
        "请把 INKFRAME_INPUT_FOLDERS 设为允许读取的文件夹。"
    ),
    "INKFRAME_INPUT_FOLDERS names no folder that is there: {}.": "INKFRAME_INPUT_FOLDERS 所列的文件夹都不存在：{}。",
    "There is no {} in the folders for input.": "输入文件夹中没有 {}。",
    "They are: {}.": "输入文件夹：{}。",
    # uploads of the page
    "A file is over the limit of an upload.": "有文件超过上传上限。",
    "Send it in smaller parts.": "请拆小后再上传。",
    "The upload was refused: you are not signed in any more.": "上传被拒绝：登录已失效。",
    "Load the page again.": "请重新载入页面。",
    "The upload broke off.": "上传中断。",
    "Check that the server runs and has room, then start again.": "请确认服务器在运行且有空间，然后重新开始。",
    # jobs
    "Done at once: an earlier batch made the same from the same pictures.": (
        "即刻完成：之前的批量任务已用相同设置处理过这些图片。"
    ),
    "Done before with the same settings and taken over: {}.": "之前已用相同设置完成并直接沿用：{} 张。",
    "Stopping": "正在停止",
    "The batch is still at work.": "批量任务仍在处理。",
    "Wait until it is done, or cancel it first.": "请等待完成，或先取消。",
    "No file of this batch failed.": "这批没有失败的文件。",
    "There is nothing to do again.": "没有需要重做的内容。",
    "Nothing of this batch is finished yet.": "这批还没有完成任何图片。",
    "Try again when the first picture is done.": "请在第一张完成后再试。",
    "The job's input is no longer there.": "该任务的原文件已不在。",
    "Start a new batch with the same files.": "请用相同文件新建一批。",
    "The results of this batch were deleted.": "该批量任务的结果已被删除。",
    "This batch is no longer on the list.": "该批量任务已不在列表中。",
    "Its zip and its manifest are linked in the history.": "其 zip 和清单可在历史中下载。",
    "There is no such job.": "没有这个任务。",
    "It may have been deleted; look at the list of jobs.": "它可能已被删除，请查看任务列表。",
    "The job is {}.": "该任务当前状态为 {}。",
    "Only a job that has stopped can go on.": "只有已停止的任务才能继续。",
    "The job is running.": "任务正在运行。",
    "Cancel it first.": "请先取消。",
    "Another Inkframe works on this job.": "另一个 Inkframe 正在处理该任务。",
    "Stop it there.": "请在那里停止。",
    "Something went wrong inside Inkframe.": "Inkframe 内部出错。",
    "Try again; if it happens again, the log says more.": "请重试；如再次出现，请查看日志。",
    "{} can't be written ({}).": "无法写入 {}（{}）。",
    "Check the rights of the outputs folder, or choose another one with --outputs or INKFRAME_OUTPUTS.": (
        "请检查输出文件夹的权限，或用 --outputs 或 INKFRAME_OUTPUTS 选择其他文件夹。"
    ),
}
