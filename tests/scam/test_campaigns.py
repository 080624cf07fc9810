"""Near copies are grouped into one campaign with its contacts and links."""

from waybillguard.scam.campaigns import campaigns

WAVE = "您的快递在运输途中丢失，请添加理赔专员微信 {} 办理三倍赔付，今日有效，逾期视为放弃"


def test_copies_with_other_accounts_and_links_are_one_campaign() -> None:
    texts = [
        WAVE.format("kf8812a"),
        "今晚吃什么，我去买菜，顺路拿快递",
        WAVE.format("lp2025x") + " http://a-b.top/1",
        WAVE.format("kf8812a").replace("，", " "),
    ]
    (found,) = campaigns(texts)
    assert found.members == (0, 2, 3)
    assert found.accounts == ("kf8812a", "lp2025x")
    assert found.domains == ("a-b.top",)


def test_different_messages_are_no_campaign() -> None:
    assert campaigns([WAVE.format("kf8812"), "您的医保卡已停用，请登录重新认证", ""]) == ()


def test_nothing_makes_no_campaign() -> None:
    assert campaigns([]) == ()
