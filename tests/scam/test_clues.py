"""The report to the police and the sheet for a stop of payment."""

import hashlib
from datetime import UTC, datetime

from waybillguard.documents import Document, Table, to_html
from waybillguard.scam import Message
from waybillguard.scam.clues import Reporter, clue_report, stop_payment_sheet

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
FRAUD = "您好，我是圆通客服，您的快递丢失，请加微信 kf8812a 理赔，详询 13000000088"
AGAIN = "您好，我是圆通客服，您的快递丢失，请加微信 kf9001b 理赔，详询 13000000088"
HONEST = "【圆通速递】您的快件已到驿站，凭 3-1-2208 领取。"


def report(*texts: str) -> Document:
    return clue_report([Message(text=text) for text in texts], Reporter(unit="甲仓", case="2026-0001"), NOON)


def table(document: Document, column: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and column in block.header)


def test_numbers_and_accounts_stand_with_how_many_messages_name_them() -> None:
    rows = table(report(FRAUD, AGAIN), "内容").rows
    assert ("电话", "13000000088", "2") in rows
    assert ("微信、QQ 等账号", "kf8812a", "1") in rows


def test_near_copies_are_one_group_with_a_sample_fixed_by_its_hash() -> None:
    (row,) = table(report(FRAUD, AGAIN), "条数").rows
    assert row[1] == "2"
    assert row[5].replace(" ", "") == hashlib.sha256(FRAUD.encode()).hexdigest()


def test_an_honest_message_is_counted_and_not_quoted() -> None:
    page = to_html(report(FRAUD, HONEST))
    assert "收到消息 2 条，其中疑似诈骗 1 条" in page
    assert "3-1-2208" not in page


def test_a_report_without_fraud_says_so() -> None:
    document = report(HONEST)
    assert table(document, "条数").rows[0][1] == "0"
    assert "其中疑似诈骗 0 条" in to_html(document)


def test_markup_in_a_message_stays_text() -> None:
    assert "<script>" not in to_html(report(f"{FRAUD}<script>alert(1)</script>"))


def test_what_only_people_know_is_left_to_be_written() -> None:
    losses = table(report(FRAUD), "收款账号")
    assert all(not cell.strip() for row in losses.rows for cell in row)


def test_the_sheet_asks_for_nothing_that_lets_money_out() -> None:
    page = to_html(stop_payment_sheet())
    assert "收款账号" in page
    assert "验证码：" not in page
    assert "密码：" not in page
