"""Read and write messages of the agent's protocol over HTTP, and describe them in OpenAPI."""

from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse

from waybillguard.agent.protocol import Message, decode, encode
from waybillguard.service.identity.devices.errors import not_a_message

_SPOKEN: dict[str, type[Message]] = {}
_REF: Final = "#/components/schemas/{name}"


def speaks(asked: type[Message], answered: type[Message]) -> dict[str, Any]:
    """Describe the messages that an operation receives and returns (``openapi_extra`` of its route)."""
    _SPOKEN.update({kind.__name__: kind for kind in (asked, answered)})
    body, answer_body = (
        {"content": {"application/json": {"schema": {"$ref": _REF.format(name=kind.__name__)}}}}
        for kind in (asked, answered)
    )
    return {"requestBody": {**body, "required": True}, "responses": {200: answer_body}}


def spoken_schemas() -> dict[str, Any]:
    """Return the JSON schemas of all described messages, by name."""
    return msgspec.json.schema_components(_SPOKEN.values(), ref_template=_REF)[1]


def message_of[M: Message](request: HttpRequest, kind: type[M]) -> M:
    """Decode the request's body as a message.

    Raises:
        DeviceError (invalid): the body is invalid; the error names the place, never a value.
    """
    try:
        return decode(kind, request.body)
    except msgspec.ValidationError as error:
        place = str(error).rpartition("`$")[2].rstrip("`") if "`$" in str(error) else ""
        raise not_a_message(f"${place}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise not_a_message("JSON") from None


def answer(message: Message) -> HttpResponse:
    """Return a message as an uncacheable JSON response."""
    response = HttpResponse(encode(message), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
