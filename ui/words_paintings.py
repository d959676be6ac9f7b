"""The paintings' names in both languages: `style.painting-00` and so on."""

from __future__ import annotations

from pipelines.webcam.paintings import TITLES, painting_id

CHINESE = (
    "赭石与天空", "黄底黑条", "墨与淡蓝", "明亮彩窗", "绯红与金", "秋色棱面", "靛蓝圆点", "浓烈三原色", "彩色铅笔",
    "青红木刻", "焦赭", "金色墨线", "淡紫粉彩", "青柠与水鸭绿", "浅蓝水彩", "淡彩铅条玻璃", "蓝蜡笔", "红色织纹",
    "褐色浮雕", "蓝黄漩涡", "红色余烬", "海报色块", "象牙与紫", "柔和暮色", "蓝色木版画", "粗犷油画笔触",
)  # fmt: skip
"""In the order of TITLES."""

PAINTINGS_EN = {f"style.{painting_id(number)}": title for number, title in enumerate(TITLES)}
PAINTINGS_ZH = {f"style.{painting_id(number)}": title for number, title in enumerate(CHINESE)}
