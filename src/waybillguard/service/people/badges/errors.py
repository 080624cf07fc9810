"""Errors of badges. None reveals whether a badge exists."""

from waybillguard.errors import WaybillGuardError


class BadgeError(WaybillGuardError):
    """Nobody was signed in, or nothing was changed; the message says what to do."""

    code = "badge"


def not_signed_in() -> BadgeError:
    """Return the same error for every cause."""
    return BadgeError(
        code="not_signed_in",
        zh="未登录：工牌或 PIN 码不对，或错误次数过多需等待 5 分钟以上。请重新扫码；忘记 PIN 码请找负责人重发初始码。",
        en="not signed in: badge or PIN is not right, or after too many tries has to wait five minutes or more. "
        "Scan again; if the PIN is forgotten, ask an owner for a new start number.",
    )


def station_waits(seconds: int) -> BadgeError:
    """Return the error for a station with many wrong tries."""
    return BadgeError(
        zh=f"本工位错误次数过多，每次尝试之间须间隔 {seconds} 秒。请稍候再扫码。",
        en=f"too many wrong tries at this station: it takes one try every {seconds} seconds. Wait, then scan again.",
    )


def no_station() -> BadgeError:
    """Return the error for a browser that may not accept badges."""
    return BadgeError(
        zh="此浏览器不是可用的已登记工位，不能刷工牌登录。请负责人在“设备”页发放登记码或解除限制。",
        en="this browser is no enrolled station that works, so it takes no badge. An owner makes a code for it, or "
        "releases it, on the Devices page.",
    )


def refused(zh: str, en: str) -> BadgeError:
    """Return the error for a person whom the policies do not let in here."""
    return BadgeError(code="refused", zh=f"未登录：{zh}。", en=f"not signed in: {en}.")


def form_too_old() -> BadgeError:
    """Return the error for a form to choose a PIN that has expired or was used."""
    return BadgeError(
        zh="该页面已过期，PIN 码未更改。请重新扫码。",
        en="this form is too old; the PIN was not changed. Scan again.",
    )


def no_badge() -> BadgeError:
    """Return the error for a badge that no longer works."""
    return BadgeError(
        zh="该人员没有有效工牌，未做任何更改。", en="the person has no working badge; nothing changed."
    )


def not_for_owners() -> BadgeError:
    """Return the error for marking an account that can administer as shared."""
    return BadgeError(
        zh="负责人账号不能设为共用账号。请先为每人单独开户。",
        en="an owner's account cannot be a shared one. Give each person an account first.",
    )
