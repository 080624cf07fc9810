"""Notices of a leak contain everything the law requires, and nothing that a fraudster could use."""

import pytest

from waybillguard.scam import Message, Verdict, check
from waybillguard.scam.notices import Field, NoticeError, forms, missing, write

VALUES = {
    "sender": "清和优选",
    "period": "2026年10月",
    "kinds": "收件姓名、电话、地址",
    "cause": "打印电脑被装入远程控制程序",
    "measures": "已停用该设备并更换全部账号",
    "contact": "APP“我的客服”或 400-000-1234",
    "reported": "已向公安机关报案",
}


@pytest.mark.parametrize("name", forms().templates)
def test_a_notice_is_read_by_our_own_check_as_a_warning(name: str) -> None:
    text = write(name, VALUES)
    found = check(Message(text=text))
    assert (found.verdict, "warning_not_scam" in found.why) == (Verdict.UNKNOWN, True)
    assert len(text) <= forms().templates[name].max


@pytest.mark.parametrize("name", forms().templates)
def test_every_template_holds_every_required_field(name: str) -> None:
    text = forms().templates[name].text
    assert all(f"{{{field.name}}}" in text for field in forms().fields if field.required)


@pytest.mark.parametrize("field", [one for one in forms().fields if one.required], ids=lambda one: one.name)
def test_each_required_field_names_its_law_and_has_a_value_or_is_missed(field: Field) -> None:
    assert field.law
    left_out = {name: text for name, text in VALUES.items() if name != field.name}
    assert bool(missing(left_out)) is (field.name not in forms().defaults)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("contact", "微信 kf8812x，加专员办理赔付"),
        ("measures", "请点击 http://qh-lipei.top 登记赔付"),
        ("measures", "已停用设备，请致电 13800000000 领取赔偿"),
        ("cause", "打印电脑被入侵，咨询 138 0013 8000"),
        ("cause", "打印电脑被入侵，咨询１３８００１３８０００"),
        ("cause", "打印电脑被入侵，咨询一三八零零一三八零零零"),
        ("cause", "打印电脑被入侵，咨询（021）6543 2100"),
        ("measures", "已停用设备，详情拨打 00852 3001 2233"),
        ("measures", "已停用设备，客服热线 10086"),
        ("measures", "已停用设备，Q群 7654321"),
        ("cause", "因" * 121),
        ("advice", "请把验证码发给我们的工作人员办理退款"),
    ],
)
def test_a_notice_that_fraudsters_could_use_is_refused(field: str, text: str) -> None:
    with pytest.raises(NoticeError) as refused:
        write("short", VALUES | {field: text})
    assert text not in refused.value.zh


@pytest.mark.parametrize(
    "contact", ["400-123-4567", "021 6543 2100", "95338", "+86 139 0000 1111", "热线 12315"]
)
def test_the_published_contact_stands_in_any_spelling(contact: str) -> None:
    assert contact in write("short", VALUES | {"contact": contact})


def test_counts_and_times_are_no_numbers_to_call() -> None:
    cause = "2026-05-01 03:20 打印电脑被入侵，涉及 12345 单"
    assert cause in write("short", VALUES | {"cause": cause})


@pytest.mark.parametrize(
    "addition",
    [
        "为核实身份，请加微信 qh8812x 办理赔付。",
        "赔付登记：http://qh-lipei.top",
        "请把收到的验证码发给我们的工作人员，办理退款。",
    ],
)
def test_our_own_notice_turned_into_a_fraud_is_seen(addition: str) -> None:
    found = check(Message(text=write("short", VALUES) + addition))
    assert found.verdict in {Verdict.SCAM, Verdict.LIKELY_SCAM}
