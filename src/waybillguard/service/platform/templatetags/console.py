"""Tags and filters of the console's templates."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from waybillguard.service.platform import words
from waybillguard.service.platform.assets import address
from waybillguard.service.platform.drawn import drawn_once

register = template.Library()

_KINDS: dict[str, dict[Any, words.Word]] = {
    "lane": words.LANES,
    "order": words.ORDER_STATES,
    "batch": words.BATCH_STATES,
    "run": words.RUN_STATES,
    "ticket": words.TICKET_STATES,
    "export": words.EXPORT_STATES,
    "entrustment": words.ENTRUSTMENT_STANDINGS,
    "end": words.END_STATES,
    "printed": words.PRINTED,
}
_TEN_THOUSAND = 10_000


@register.simple_tag
def asset(name: str) -> str:
    """Return the URL of a static file of the package."""
    return address(name)


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """Render an icon; it is hidden from screen readers, so text beside it must give the meaning."""
    return format_html(
        '<svg class="wg-icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        address("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def fixed(name: str, **given: str) -> SafeString:
    """Render a cached fragment that depends only on the language and the values ``given``."""
    return drawn_once(name, get_language(), tuple(given.items()))


@register.simple_tag(takes_context=True)
def polls(
    context: template.Context, name: str, *numbers: object, every: int = 4, query: str = ""
) -> SafeString:
    """Make an element reload itself every few seconds; on an error response it keeps its content."""
    return format_html(
        'hx-get="{}{}" hx-trigger="every {}s" hx-swap="outerHTML" hx-status:4xx="swap:none" hx-status:5xx="swap:none" '
        'hx-nonce="{}"',
        reverse(name, args=numbers), query, every, context["csp_nonce"],
    )  # fmt: skip


@register.simple_block_tag
def drawer(content: str, name: str, title: str, *errors: object) -> SafeString:
    """Put a form into the drawer opened by ``data-open="<name>"``; it opens by itself if the form has errors."""
    part = {"name": name, "title": title, "content": content, "shown": any(errors)}
    return SafeString(render_to_string("parts/drawer.html", part))


@register.simple_tag
def tag(kind: str, value: Any, *, short: bool = False) -> SafeString:  # noqa: ANN401
    """Show a state as icon and text."""
    word = _KINDS[kind].get(bool(value) if kind == "printed" else value)
    if word is None:
        return format_html('<span class="wg-tag">{}</span>', value)
    text = format_html("<b>{}</b>", value) if kind == "lane" and short else word.label
    if kind == "lane" and not short:
        text = format_html("<b>{}</b> {}", value, word.label)
    hint = format_html(' title="{}"', word.label) if short else ""
    return format_html(
        '<span class="wg-tag tone-{}"{}>{}{}</span>',
        word.tone,
        hint,
        icon(word.icon, "wg-spin" if word.icon == "loader-2" else ""),
        text,
    )


@register.filter
def promise(lane: str) -> Any:  # noqa: ANN401
    """Return the description of a lane's protection."""
    return words.LANE_PROMISES[lane]


@register.filter
def order_name(order: Any) -> str:  # noqa: ANN401 - an order of the vault
    """Return an order's number, or its internal number if it has none; search accepts both."""
    return str(order.order_no or f"#{order.pk}") if order is not None else "—"


@register.filter
def account_name(account: Any) -> str:  # noqa: ANN401 - a person or the name of an account
    """Return the display name of an account."""
    return words.account(str(account or ""))


@register.filter
def station_name(station: str) -> str:
    """Return the display name of a station."""
    return words.station(station)


@register.simple_tag
def zone_words() -> str:
    """Return the note about the page's time zone."""
    zone = timezone.get_current_timezone_name()
    name = str(_("Beijing time (UTC+8)")) if zone in {"Asia/Shanghai", "CST"} else zone
    return str(_("Times: %(zone)s") % {"zone": name})


@register.filter
def size_words(size: str) -> str:
    """Return a label's size for display, e.g. ``76 × 130``."""
    return size.replace("x", " × ")


@register.filter
def reason(code: str) -> Any:  # noqa: ANN401
    """Return the text for a row's rejection code."""
    return words.reason(code)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:  # noqa: ANN401
    """Return ``mapping[key]``, else 0."""
    return mapping.get(key, 0) if mapping else 0


@register.filter
def amount(value: Any) -> str:  # noqa: ANN401
    """Format a count with separators; in Chinese, from 100,000 on in 万."""
    number = int(value or 0)
    if (get_language() or "").startswith("zh") and number >= 10 * _TEN_THOUSAND:
        return f"{number / _TEN_THOUSAND:,.1f} 万"
    return f"{number:,}"


@register.filter
def up_to(value: int, most: int) -> str:
    """Format a count that was capped at ``most`` + 1."""
    return amount(value) if value <= most else f"{amount(most)}+"


@register.filter
def day(number: int) -> date:
    """Return the date of a day number (days since 1970-01-01)."""
    return date(1970, 1, 1) + timedelta(days=int(number))


@register.filter
def may(user: Any, permission: str) -> bool:  # noqa: ANN401 - the person of the request, or nobody
    """Tell whether the person's role allows something (`identity.models.Permission`)."""
    return hasattr(user, "may") and bool(user.may(permission))


@register.filter
def said(error: Any, field: str = "error") -> str:  # noqa: ANN401
    """Return ``<field>_zh`` or ``<field>_en`` of an object, by the language of the page."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return str(getattr(error, f"{field}_{language}", "") or "")


@register.filter
def spoken(check: Any, field: str = "") -> str:  # noqa: ANN401
    """Return ``zh`` or ``en`` of a check, or ``<field>_zh`` and ``<field>_en``, by the language of the page."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return str(getattr(check, f"{field}_{language}" if field else language))


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: Any) -> str:  # noqa: ANN401
    """Return the page's query string with ``changes`` applied and the page number removed."""
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in {"", None}:
            query[name] = str(value)
    return "?" + str(query.urlencode())


@register.filter
def control(field: BoundField) -> SafeString:
    """Render a form field in the console's style."""
    kind = field.widget_type
    look = "form-check-input" if kind == "checkbox" else "form-select" if kind == "select" else "form-control"
    return field.as_widget(attrs={"class": look})


@register.filter
def joined(numbers: list[int]) -> str:
    """Join numbers by commas."""
    return ",".join(str(n) for n in numbers)


@register.filter
def strong(person: Any) -> bool:  # noqa: ANN401 - a person of the list
    """Tell whether a person has a second factor, from prefetched authenticators."""
    return any(row.type in {"totp", "webauthn"} for row in person.authenticator_set.all())


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
)


@register.filter
def browser(user_agent: str) -> str:
    """Shorten a user agent to browser and system, or to its first 40 characters."""
    name = next((label for mark, label in _BROWSERS if mark in user_agent), "")
    system = next(
        (label for mark, label in _SYSTEMS if mark in user_agent), "Linux" if "Linux" in user_agent else ""
    )
    return " · ".join(part for part in (name, system) if part) or user_agent[:40]
