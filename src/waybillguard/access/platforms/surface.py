"""Descriptions of the platforms' API calls, read from data files."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from waybillguard.access.platforms.errors import PlatformError
from waybillguard.access.vocabulary import data_rows, purposes

type CallKind = Literal["mask", "decrypt"]
CONTACT_PARTS: Final = ("name", "phone", "phone_2", "address")


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a platform.

    Attributes:
        method: the platform's name of the call; empty if orders are delivered masked and there is no call.
        path: names from the body down to the list of items.
        batch: maximum number of items per call.
        order, cipher: fields of an item for the order number and the ciphertext.
        scene: place of the reason code (``item`` or ``body``, field), or None.
        operator: field of the body for the operator, or empty.
        constants: further fields of the body.
        answers: names from the response down to its list.
        plain: field with the plaintext of one ciphertext; empty if an item is a whole contact (see ``parts``).
        parts: our name of a contact's part → the platform's field.
    """

    method: str = ""
    path: tuple[str, ...] = ()
    batch: int = 1
    order: str = ""
    cipher: str = ""
    scene: tuple[str, str] | None = None
    operator: str = ""
    constants: Mapping[str, str] = {}
    answers: tuple[str, ...] = ()
    answer_order: str = ""
    answer_cipher: str = ""
    plain: str = ""
    parts: Mapping[str, str] = {}
    inside: str = ""
    code: str = ""
    ok: str = ""
    rule: str = ""
    until: str = ""
    with_order: bool = False


class Limit(msgspec.Struct, frozen=True):
    """A rate limit: at most ``most`` of ``unit`` (calls or orders) in ``seconds``."""

    unit: str
    most: int
    seconds: int


@cache
def platforms() -> tuple[str, ...]:
    """Return the described platforms by key (the keys of the order headers)."""
    return tuple(dict.fromkeys(row["platform"] for row in data_rows("platforms/surface.csv")))


@cache
def surface(platform: str, kind: CallKind) -> Surface:
    """Return the description of a call.

    Raises:
        PlatformError (platform_platform): the platform has no entry in the data files.
    """
    found = _facts().get((platform, kind))
    if found is None:
        known = "、".join(platforms())
        raise PlatformError(
            code="platform_platform",
            zh=f"没有该平台的解密接口说明，未发送任何请求。已知平台：{known}",
            en=f"this platform's calls are not described; nothing was sent. Known: {', '.join(platforms())}",
        )
    scene = found.get("scene", "").partition(":")
    return Surface(
        method=found.get("method", ""), path=_path(found.get("list", "")), batch=int(found.get("batch", "1")),
        order=found.get("order", ""), cipher=found.get("cipher", ""), scene=(scene[0], scene[2]) if scene[1] else None,
        operator=found.get("operator", ""),
        constants=MappingProxyType(dict([found["constant"].split("=", 1)]) if "constant" in found else {}),
        answers=_path(found.get("answers", "")), answer_order=found.get("answer_order", ""),
        answer_cipher=found.get("answer_cipher", ""), plain=found.get("plain", ""),
        parts=MappingProxyType({part: found[part] for part in CONTACT_PARTS if part in found}),
        inside=found.get("inside", ""), code=found.get("code", ""), ok=found.get("ok", ""),
        rule=found.get("rule", ""), until=found.get("until", ""), with_order=found.get("masked") == "with_order",
    )  # fmt: skip


def scene_of(platform: str, purpose: str, *, orders: int) -> str:
    """Return the platform's code for a purpose; empty if the platform requires none.

    Args:
        platform: key of the platform.
        purpose: a key of ``purposes.csv``.
        orders: number of different orders in the call.

    Raises:
        PlatformError (platform_purpose): the purpose is unknown, or the platform has no published code for it.
    """
    if purpose in purposes():
        if surface(platform, "decrypt").scene is None:
            return ""
        codes = _scenes().get((platform, purpose))
        if codes is not None:
            return codes[0] if orders == 1 else codes[1]
    raise PlatformError(
        code="platform_purpose",
        zh="该用途在此平台没有公布的场景编码，未发送任何请求。请换用符合实际的用途，或在平台后台由主账号办理。",
        en="the platform has published no code for this purpose; nothing was sent. State another purpose that is true, or "
        "let the shop's main account do it in the platform's own back end.",
    )


@cache
def limits(platform: str, kind: CallKind) -> tuple[Limit, ...]:
    """Return the published rate limits of a call."""
    return tuple(
        Limit(row["unit"], int(row["most"]), int(row["seconds"]))
        for row in data_rows("platforms/limits.csv")
        if (row["platform"], row["call"]) == (platform, kind)
    )


@cache
def refusals(platform: str) -> Mapping[str, str]:
    """Return the reasons for a platform's refusal codes, by code."""
    rows = data_rows("platforms/refusals.csv")
    return MappingProxyType({row["value"]: row["reason"] for row in rows if row["platform"] == platform})


@cache
def _facts() -> Mapping[tuple[str, str], Mapping[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in data_rows("platforms/surface.csv"):
        found[row["platform"], row["call"]][row["fact"]] = row["value"]
    return MappingProxyType(dict(found))


@cache
def _scenes() -> Mapping[tuple[str, str], tuple[str, str]]:
    rows = data_rows("platforms/scenes.csv")
    return MappingProxyType({(row["platform"], row["purpose"]): (row["one"], row["many"]) for row in rows})


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.split(".")) if text else ()
