"""The paintings' names in both languages: `style.painting-00` and so on."""

from __future__ import annotations

from pipelines.webcam.painters import PAINTERS, painter_id
from pipelines.webcam.paintings import TITLES, painting_id

CHINESE = (
    "赭石与天空", "黄底黑条", "墨与淡蓝", "明亮彩窗", "绯红与金", "秋色棱面", "靛蓝圆点", "浓烈三原色", "彩色铅笔",
    "青红木刻", "焦赭", "金色墨线", "淡紫粉彩", "青柠与水鸭绿", "浅蓝水彩", "淡彩铅条玻璃", "蓝蜡笔", "红色织纹",
    "褐色浮雕", "蓝黄漩涡", "红色余烬", "海报色块", "象牙与紫", "柔和暮色", "蓝色木版画", "粗犷油画笔触",
)  # fmt: skip
"""In the order of TITLES."""

PAINTERS_ZH = (
    "德劳内·肖像", "高更·塔希提", "北斋·神奈川冲浪里", "康定斯基·构成第七号", "马蒂斯·戴帽女人", "蒙德里安·构成",
    "蒙克·呐喊", "毕卡比亚·乌德尼", "透纳·海难", "梵高·夜间咖啡馆", "梵高·橄榄树", "梵高·自画像", "梵高·星夜",
    "梵高·麦田",
)  # fmt: skip
"""In the order of PAINTERS."""

PAINTINGS_EN = {f"style.{painting_id(number)}": title for number, title in enumerate(TITLES)} | {
    f"style.{painter_id(name)}": title for name, title in PAINTERS.items()
}
PAINTINGS_ZH = {f"style.{painting_id(number)}": title for number, title in enumerate(CHINESE)} | {
    f"style.{painter_id(name)}": title for name, title in zip(PAINTERS, PAINTERS_ZH, strict=True)
}
