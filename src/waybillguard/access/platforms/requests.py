"""Build a platform's decryption requests from ciphertexts, and parse its responses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from waybillguard.access.platforms.errors import PlatformError
from waybillguard.access.platforms.surface import CallKind, Surface, refusals, scene_of, surface

MOST_OPERATOR: Final = 64
_FIELDS: Final = {"phone_2": "phone"}


class Cipher(msgspec.Struct, frozen=True):
    """One ciphertext of an order: ``field`` is name, phone, address, or contact (one ciphertext for all three)."""

    order_no: str
    field: str
    text: str

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Cipher(…)"


class DecryptedField(msgspec.Struct, frozen=True):
    """One plaintext; ``until`` is the expiry of a virtual number, as the platform writes it."""

    order_no: str
    field: str
    value: str
    until: str = ""

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "DecryptedField(…)"


class UndecryptedField(msgspec.Struct, frozen=True):
    """A value the platform did not decrypt: ``reason`` is order_closed, missing or platform; ``sign`` its own code."""

    order_no: str
    field: str
    reason: str
    sign: str = ""


class Call(msgspec.Struct, frozen=True):
    """One request, which the gateway signs and sends."""

    platform: str
    method: str
    body: dict[str, Any]
    ciphers: tuple[Cipher, ...]

    def __repr__(self) -> str:
        """Return a repr with the method only."""
        return f"Call({self.method})"


class Masked(msgspec.Struct, frozen=True):
    """The orders whose masked view has been shown."""

    order_nos: frozenset[str]

    def __repr__(self) -> str:
        """Return a repr with the number of orders only."""
        return f"Masked({len(self.order_nos)} orders)"


def masked_with_orders(platform: str, order_nos: Iterable[str]) -> Masked:
    """Return the `Masked` value for platforms that deliver orders masked.

    Raises:
        PlatformError (platform_masked_first): this platform has a call for the masked view, which must be made first.
        PlatformError (platform_platform): the platform has no entry in the data files.
    """
    if not surface(platform, "mask").with_order:
        raise _mask_first()
    return Masked(frozenset(order_nos))


def mask_calls(platform: str, ciphers: Sequence[Cipher]) -> list[Call]:
    """Return the calls for the masked view; none if the platform delivers orders masked."""
    asked = surface(platform, "mask")
    if asked.with_order:
        return []
    return [_call(platform, asked, some, {}, "") for some in _lots(ciphers, asked.batch)]


def decrypt_calls(
    platform: str, ciphers: Sequence[Cipher], *, purpose: str, operator: str, masked: Masked
) -> list[Call]:
    """Return the calls for plaintext, each within the platform's maximum batch size.

    Args:
        platform: key of the platform.
        ciphers: the ciphertexts to decrypt.
        purpose: a key of ``purposes.csv``.
        operator: the operator's id sent to the platform: an account, never a name or a phone.
        masked: the orders whose masked view was shown.

    Raises:
        PlatformError: a requirement is missing (see its subclasses); nothing may be sent.
    """
    asked = surface(platform, "decrypt")
    who = operator.strip()
    if not who or len(who) > MOST_OPERATOR:
        raise PlatformError(
            code="platform_operator",
            zh="没有写明操作人，未发送任何请求。请以本人账号登录后再试。",
            en="nobody is named who asks; nothing was sent. Sign in with an account of your own and try again.",
        )
    scene_of(platform, purpose, orders=1)
    if not {one.order_no for one in ciphers} <= masked.order_nos:
        raise _mask_first()
    calls = []
    for some in _lots(ciphers, asked.batch):
        scene = scene_of(platform, purpose, orders=len({one.order_no for one in some}))
        body = {**asked.constants, **({asked.operator: who} if asked.operator else {})}
        calls.append(_call(platform, asked, some, body, scene))
    return calls


def read_answer(
    call: Call, kind: CallKind, answer: Mapping[str, Any]
) -> tuple[list[DecryptedField], list[UndecryptedField]]:
    """Parse a platform's response into plaintexts and withheld values; each requested ciphertext is in one of the two.

    Raises:
        PlatformError: the response does not have the published form. The error quotes nothing from it.
    """
    asked = surface(call.platform, kind)
    try:
        items = _down(answer, asked.answers)
        found = {_key(asked, item): item for item in items}
    except (KeyError, TypeError, AttributeError):
        raise PlatformError(
            zh="平台的应答与其公布的格式不符，没有读出任何内容。请查看平台公告后重试。",
            en="the platform's answer is not of the form it publishes; nothing was read from it. See its announcements, then "
            "try again.",
        ) from None
    opened: list[DecryptedField] = []
    withheld: list[UndecryptedField] = []
    for one in call.ciphers:
        item = found.get((one.order_no, one.text if asked.answer_cipher else ""))
        if item is None:
            withheld.append(UndecryptedField(one.order_no, one.field, "missing"))
            continue
        texts = _texts(asked, one, item)
        if texts:
            opened += texts
        else:
            withheld.append(_withheld(call.platform, asked, one, item))
    return opened, withheld


def _call(
    platform: str, asked: Surface, ciphers: Sequence[Cipher], body: Mapping[str, Any], scene: str
) -> Call:
    items: list[dict[str, str]] = []
    made: dict[str, Any] = dict(body)
    for one in ciphers:
        item = {asked.order: one.order_no, asked.cipher: one.text}
        if asked.scene is not None and asked.scene[0] == "item":
            item[asked.scene[1]] = scene
        items.append(item)
    if asked.scene is not None and asked.scene[0] == "body":
        made[asked.scene[1]] = scene
    inner = made
    for name in asked.path[:-1]:
        inner = inner.setdefault(name, {})
    inner[asked.path[-1]] = items
    return Call(platform, asked.method, made, tuple(ciphers))


def _lots(ciphers: Sequence[Cipher], most: int) -> list[Sequence[Cipher]]:
    return [ciphers[start : start + most] for start in range(0, len(ciphers), most)]


def _down(answer: Mapping[str, Any], path: tuple[str, ...]) -> list[Mapping[str, Any]]:
    inner: Any = answer
    for name in path:
        inner = inner[name]
    if not isinstance(inner, list):
        raise TypeError
    return inner


def _key(asked: Surface, item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item[asked.answer_order]), str(item[asked.answer_cipher]) if asked.answer_cipher else ""


def _texts(asked: Surface, one: Cipher, item: Mapping[str, Any]) -> list[DecryptedField]:
    if asked.code and str(item.get(asked.code, "")) != asked.ok:
        return []
    until = str(item.get(asked.until) or "") if asked.until else ""
    if asked.plain:
        text = item.get(asked.plain)
        return [DecryptedField(one.order_no, one.field, str(text), until)] if text else []
    inner = item.get(asked.inside) or {} if asked.inside else item
    texts: dict[str, str] = {}
    for part, field in asked.parts.items():
        if text := inner.get(field):
            texts.setdefault(_FIELDS.get(part, part), str(text))
    return [
        DecryptedField(one.order_no, part, text, until if part == "phone" else "")
        for part, text in texts.items()
    ]


def _withheld(platform: str, asked: Surface, one: Cipher, item: Mapping[str, Any]) -> UndecryptedField:
    sign = str(item.get(asked.rule) or "") if asked.rule else ""
    code = str(item.get(asked.code, "")) if asked.code else ""
    reason = refusals(platform).get(sign, "platform")
    return UndecryptedField(one.order_no, one.field, reason, (sign or code)[:60])


def _mask_first() -> PlatformError:
    return PlatformError(
        code="platform_masked_first",
        zh="请先看脱敏信息：未取得脱敏视图的订单不能申请明文，未发送任何请求。",
        en="look at the masked view first: plaintext of an order that was not shown masked is not asked for. Nothing was "
        "sent.",
    )
