"""Wall poster (公示): who is responsible for personal information here, and which rights people have."""

from datetime import date

from waybillguard.documents import Bullets, Document, Facts, Heading, Paragraph

_RIGHTS = (
    "查阅、复制本人信息（个人信息保护法第四十五条）",
    "更正、补充（第四十六条）；删除（第四十七条）",
    "要求说明处理规则（第四十八条）",
    "申请由上面的负责人受理；下单的买家也可从订单页提出",
)
_RULES = (
    "面单只印脱敏的姓名和电话尾号，地址不印到户",
    "查看完整信息须有事由并留痕；不得拍照、抄录、转发面单",
    "打单电脑不装远程控制软件，不插私人 U 盘",
    "发现异常先停用、保留现场，再报告负责人",
)


def poster(unit: str, officer: str, contact: str, on: date) -> Document:
    """Return the poster of a warehouse.

    Args:
        unit: the warehouse's name.
        officer: the responsible person (个人信息保护法第五十二条: the contact is made public).
        contact: how to reach the officer.
        on: the day it was made.
    """
    return Document(
        title="个人信息保护公示",
        subtitle=unit,
        blocks=(
            Facts((("个人信息保护负责人", officer), ("联系方式", contact), ("公示日期", on.isoformat()))),
            Heading("您可以要求"),
            Bullets(_RIGHTS),
            Heading("本仓规定"),
            Bullets(_RULES),
            Heading("防骗提醒"),
            Paragraph(
                "以丢件理赔为由要求加微信、给验证码、共享屏幕的都是诈骗。96110 来电请接听；已受骗立即拨打 110。",
                "warning",
            ),
        ),
        foot="依据：个人信息保护法第四十五条至第五十条、第五十二条",
    )
