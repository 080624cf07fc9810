"""Errors about sites."""

from waybillguard.errors import WaybillGuardError


class SiteError(WaybillGuardError):
    """A site cannot be saved, closed or chosen; nothing was changed."""

    code = "site"


def wrong_code() -> SiteError:
    """Make the error for an invalid code."""
    return SiteError(
        zh="场地编码须为 1–20 位字母、数字或连字符。未保存。",
        en="the code of a site is 1 to 20 letters, digits or hyphens. Nothing was saved.",
    )


def no_name() -> SiteError:
    """Make the error for a site without a name."""
    return SiteError(zh="请填写场地名称。未保存。", en="type the name of the site. Nothing was saved.")


def taken() -> SiteError:
    """Make the error for a code or name that is already used."""
    return SiteError(
        zh="已有同编码或同名称的场地（含已关闭的）。未保存。",
        en="there is a site of this code or name, perhaps a closed one. Nothing was saved.",
    )


def still_used(people: int, devices: int) -> SiteError:
    """Make the error for a site that people or devices still belong to."""
    return SiteError(
        zh=f"仍有 {people} 名在职人员、{devices} 台设备属于该场地，未关闭。请先改到其他场地。",
        en=f"{people} employed people and {devices} devices still belong to this site; it was not closed. Move them first.",
    )


def not_open() -> SiteError:
    """Make the error for a site that is closed or does not exist."""
    return SiteError(
        zh="该场地已关闭或不存在。未更改；请刷新页面后再选。",
        en="this site is closed, or there is none. Nothing was changed; reload the page and choose again.",
    )
