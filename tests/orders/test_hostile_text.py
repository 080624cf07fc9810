"""Malicious texts: the running time of every function grows only with the length of the text."""

import time
from collections.abc import Callable

import pytest

from waybillguard.orders.address import parse_address
from waybillguard.orders.masks import mask_field
from waybillguard.orders.paste import parse_pasted
from waybillguard.orders.phones import read_phone

PIECES = [
    "1",
    "1 ",
    "a",
    "*",
    "号",
    "一",
    "北京市上海市",
    "浙江",
    "1-",
    "3幢",
    "微信",
    "门禁",
    "村",
    "(",
    "张",
    "~",
    "路1号",
    "a@",
    "转1",
    "收货人：",
]
SIZE = 40_000
SECONDS = 3.0


def mask_all(text: str) -> object:
    return [mask_field(field, text) for field in ("name", "phone", "address", "remark")]


@pytest.mark.parametrize(
    "work", [read_phone, parse_address, parse_pasted, mask_all], ids=lambda work: work.__name__
)
@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_is_answered_at_once(work: Callable[[str], object], piece: str) -> None:
    text = (piece * SIZE)[:SIZE]
    start = time.process_time()
    work(text)
    assert time.process_time() - start < SECONDS
