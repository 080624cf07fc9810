"""Notices of a leak to the people affected: checked fields, and texts that are useless to a fraudster who copies them.

A notice from :func:`write` contains every item that PIPL 57 and NDR 11 require. It contains no link, no account and no
number except the published contact, requests nothing, and our own check reads it as a warning. Whether a notice may
be omitted (PIPL 57 paragraph 2) is the handler's decision.
"""

import re
from functools import cache

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.scam.check import check
from waybillguard.scam.extract import LINK
from waybillguard.scam.model import Code, Message, MessageClass
from waybillguard.scam.normalise import normalise
from waybillguard.shipped import read_yaml

#: A contact number with its digits joined: a phone, a hotline, a foreign number, or a messenger account.
_PHONE = re.compile(
    r"(?<![0-9])(?:\+?86)?(?:1[3-9][0-9]{9}|00[0-9]{7,14}|0[0-9]{9,11}|[48]00[0-9]{7}|9[0-9]{4,5})(?![0-9])"
    r"|(?:电话|热线|拨打|致电|联系|咨询|客服|来电)[^0-9a-z，。,;；]{0,4}1[0-2][0-9]{3}(?![0-9])"
    r"|(?<=[q群信扣号v])[^0-9a-z]{0,3}[0-9]{5,12}(?![0-9])"
)
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s()（）\-‐-―.·_*]+(?=[0-9])")
_ALWAYS_ALLOWED = frozenset({"110", "96110"})


class NoticeError(WaybillGuardError):
    """A notice lacks a required item, or contains something that is not allowed."""

    code = "notice"


class Field(msgspec.Struct, frozen=True):
    """An item of a notice, with the article that requires it."""

    name: str
    law: str
    zh: str
    required: bool
    max: int


class Template(msgspec.Struct, frozen=True):
    """A text with fields in braces; ``max`` is the maximum length in characters."""

    use: str
    max: int
    text: str


class Forms(msgspec.Struct, frozen=True):
    """All fields and templates."""

    fields: tuple[Field, ...]
    defaults: dict[str, str]
    templates: dict[str, Template]


@cache
def forms() -> Forms:
    """Return the shipped fields and templates."""
    return read_yaml("waybillguard.scam", "data/notices.yaml", Forms)


def missing(values: dict[str, str]) -> tuple[Field, ...]:
    """Return the required fields without a value and without a default."""
    filled = forms().defaults | {name: text for name, text in values.items() if text.strip()}
    return tuple(
        field for field in forms().fields if field.required and not filled.get(field.name, "").strip()
    )


def write(template: str, values: dict[str, str]) -> str:
    """Return a notice.

    Args:
        template: name of the template.
        values: fields by name; those with a default may be left out.

    Raises:
        NoticeError: a field is missing, unknown or too long, or the text contains a link, an account or another number.
    """
    lacking = missing(values)
    if lacking:
        names = "、".join(field.zh for field in lacking)
        raise NoticeError(
            zh=f"告知书还缺：{names}。", en=f"The notice lacks: {', '.join(one.name for one in lacking)}."
        )
    filled = forms().defaults | {name: text.strip(" 。\n") for name, text in values.items() if text.strip()}
    for field in forms().fields:
        if len(filled.get(field.name, "")) > field.max:
            raise NoticeError(
                zh=f"“{field.zh}”太长，最多 {field.max} 字。",
                en=f"{field.name} is longer than {field.max} characters.",
            )
    form = forms().templates[template]
    text = form.text.format_map({field.name: filled.get(field.name, "") for field in forms().fields})
    if filled.get("reported"):
        text = text.replace(f"{filled['measures']}。", f"{filled['measures']}，{filled['reported']}。", 1)
    inspect(text, contact=filled["contact"])
    return text


def inspect(text: str, *, contact: str) -> None:
    """Refuse a notice that looks like a fraudster's message.

    Raises:
        NoticeError: it contains a link or a number not in ``contact``, or our check does not read it as a warning.
    """
    plain = normalise(text).text
    if LINK.search(plain):
        raise NoticeError(zh="告知书里不能有链接：骗子会照抄后换掉链接。", en="A notice holds no link.")
    published = set(_numbers(contact)) | _ALWAYS_ALLOWED
    if any(number not in published for number in _numbers(text)):
        raise NoticeError(
            zh="告知书里只能有公布的联系电话。", en="A notice holds no number but the published one."
        )
    found = check(Message(text=text))
    if found.kind is not MessageClass.LEGIT or Code.WARNING_NOT_SCAM not in found.why:
        raise NoticeError(
            zh="这段文字读起来像诈骗短信，请去掉添加联系方式、付款、验证码之类的要求。",
            en="This text reads like a scam: take out requests for contact, payment or codes.",
        )


def _numbers(text: str) -> list[str]:
    """Return contact numbers without country code, written in any digits (１３８…, 一三八…, 138 0013 8000)."""
    joined = _BETWEEN_DIGITS.sub("", normalise(text).text)
    return [
        re.sub(r"^(?:\+?86)?(?=1[3-9]|0[1-9])|[^0-9]", "", match.group()) for match in _PHONE.finditer(joined)
    ]
