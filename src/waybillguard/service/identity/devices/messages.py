"""Messages of the agent's protocol in and out of HTTP, and in the description of the API."""

from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse

from waybillguard.agent.protocol import Message, decode, encode
from waybillguard.service.identity.devices.errors import not_a_message

_SPOKEN: dict[str, type[Message]] = {}
_REF: Final = "#/components/schemas/{name}"


def speaks(asked: type[Message], answered: type[Message]) -> dict[str, Any]:
    """Describe an operation that takes and answers messages (``openapi_extra`` of its route)."""
    _SPOKEN.update({kind.__name__: kind for kind in (asked, answered)})
    body, answer_body = (
        {"content": {"application/json": {"schema": {"$ref": _REF.format(name=kind.__name__)}}}}
        for kind in (asked, answered)
    )
    return {"requestBody": {**body, "required": True}, "responses": {200: answer_body}}


def spoken_schemas() -> dict[str, Any]:
    """Return the JSON schemas of all messages that operations speak, by name."""
    return msgspec.json.schema_components(_SPOKEN.values(), ref_template=_REF)[1]


def message_of[M: Message](request: HttpRequest, kind: type[M]) -> M:
    """Return the body as a message.

    Raises:
        MessageError: it is none; the text names the place, never a value.
    """
    try:
        return decode(kind, request.body)
    except msgspec.ValidationError as error:
        place = str(error).rpartition("`$")[2].rstrip("`") if "`$" in str(error) else ""
        raise not_a_message(f"${place}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise not_a_message("JSON") from None


def answer(message: Message) -> HttpResponse:
    """Return a message as JSON that no cache keeps."""
    response = HttpResponse(encode(message), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
