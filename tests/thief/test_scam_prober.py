"""Who probes the check of messages for facts of orders, and who copies our own notice to defraud."""

import itertools
import sys

import pytest

from waybillguard.scam import Message, Verdict, check
from waybillguard.scam.notices import forms, write

NOTICE = {
    "sender": "清和优选",
    "period": "2026年10月",
    "kinds": "收件姓名、电话、地址",
    "cause": "打印电脑被装入远程控制程序",
    "measures": "已停用该设备并更换全部账号",
    "contact": "平台订单页的官方客服",
}
#: What a fraudster needs of a reader, in his own words.
ASKS = (
    "请添加理赔专员微信 qh8812x 登记赔付。",
    "赔付登记：http://qh-lipei.top/a",
    "请联系 QQ 2881332190 领取赔偿金。",
    "我们将为您办理赔偿，请下载会议软件并共享屏幕。",
    "请回复收到的验证码，为您办理赔付。",
    "请先缴纳 200 元保证金到指定账户，赔付时一并退还。",
    "请加 V 信 qh8812x 领取三倍赔付。",
)


@pytest.mark.parametrize("template", forms().templates)
def test_no_copy_of_our_notice_with_an_ask_in_it_passes(template: str) -> None:
    text = write(template, NOTICE)
    contact = NOTICE["contact"]
    copies = [
        *(text + ask for ask in ASKS),
        *(ask + text for ask in ASKS),
        *(text.replace(contact, contact + "。" + ask) for ask in ASKS),
    ]
    passed = [
        copy
        for copy in copies
        if check(Message(text=copy)).verdict not in {Verdict.SCAM, Verdict.LIKELY_SCAM}
    ]
    sys.stdout.write(f"copier of notices: {len(passed)} of {len(copies)} copies pass\n")
    assert passed == []


@pytest.mark.django_db(databases=[])
def test_an_ask_gets_one_answer_whatever_the_order_is() -> None:
    from waybillguard.service.scams.checking import _answer
    from waybillguard.service.vault.models import Order, OrderState

    orders = [
        None,
        *(
            Order(state=state, carrier=carrier, waybill_no=waybill)
            for state, carrier, waybill in itertools.product(
                OrderState.values, ("圆通速递", "顺丰速运", ""), ("YT8800123456789", "SF1122334455667", "")
            )
        ),
    ]
    for ask in ASKS:
        message = f"您好，您的圆通快递（尾号6789）丢失。{ask}"
        answers = {
            (found.verdict, found.why, found.spans, found.score, found.explanation_zh, found.advice_zh)
            for found in (_answer(message, order) for order in orders)
        }
        assert len(answers) == 1
    sys.stdout.write("prober of the check: 0 facts of orders obtained\n")
