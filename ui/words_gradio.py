"""What Gradio says in English on every page, and what it is called here. ui/speech.js puts these in its place."""

from __future__ import annotations

from collections.abc import Mapping

from ui.texts import CHINESE, ENGLISH, say

TOGGLE = "Toggle Sidebar"
GRADIO: Mapping[str, Mapping[str, str]] = {
    ENGLISH: {TOGGLE: say("history.title", ENGLISH)},
    CHINESE: {
        TOGGLE: say("history.title", CHINESE),
        "Drop an image file here to upload": "将图片拖到此处上传",
        "Drop a file here to upload": "将文件拖到此处上传",
        "Click to upload or drop files": "点击上传，或将文件拖到此处",
        "File upload": "上传文件",
        "Upload file": "上传文件",
        "Paste from clipboard": "从剪贴板粘贴",
        "Reset to default value": "恢复默认值",
        "More tabs": "更多标签页",
        "Clear": "清除",
        "Remove Image": "移除图片",
        "Remove": "移除",
        "Remove this file": "移除此文件",
        "Close": "关闭",
        "Fullscreen": "全屏",
        "Download": "下载",
        "Loading": "正在加载",
        "Dismiss": "关闭",
    },
}
