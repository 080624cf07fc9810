"""Every refusal of the machine API as a problem document (RFC 9457), in both languages."""

import json
from typing import Final

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

CONTENT_TYPE: Final = "application/problem+json"
_WORDS: Final = {
    400: ("bad_request", "请求格式不正确", "the request cannot be read"),
    401: (
        "unauthorized",
        "请先登录：令牌缺失、过期或已撤销",
        "sign in: the token is missing, expired or revoked",
    ),
    403: ("not_allowed", "无权进行此操作", "this is not allowed"),
    404: ("not_found", "没有这个对象", "there is no such thing"),
    405: ("method", "该地址不接受此方法", "this address does not take that method"),
    413: ("too_large", "请求过大，请分批发送", "the request is too large; send it in parts"),
    422: ("invalid", "字段不符合要求，未做任何更改", "a field is not as required; nothing was changed"),
    429: ("too_many", "请求过于频繁，请稍后再试", "too many requests; wait and try again"),
    500: ("internal", "内部错误，请稍后重试", "an internal fault; try again"),
}


class Problem(Schema):
    """An error (RFC 9457 fields, in both languages)."""

    type: str
    title: str
    status: int
    detail_zh: str
    detail_en: str
    fields: list[str] = Field(default_factory=list)
    action: str = Field("", description="of `step_up`: what to have a code confirmed for at `/login`")


def problem(
    status: int, code: str = "", zh: str = "", en: str = "", fields: list[str] | None = None, action: str = ""
) -> HttpResponse:
    """Make the response; words left out are those of the status. ``fields`` are places, never values."""
    usual = _WORDS.get(status, _WORDS[500] if status >= 500 else _WORDS[400])  # noqa: PLR2004 - HTTP
    name = code or usual[0]
    body = Problem(
        type=f"urn:waybillguard:{name}", title=name, status=status, detail_zh=zh or usual[1],
        detail_en=en or usual[2], fields=fields or [], action=action,
    )  # fmt: skip
    response = HttpResponse(
        json.dumps(body.dict(), ensure_ascii=False), status=status, content_type=CONTENT_TYPE
    )
    response["Cache-Control"] = "no-store"
    if status == 401:  # noqa: PLR2004 - RFC 9110 section 11.6.1 asks for it
        response["WWW-Authenticate"] = "Bearer"
    return response
