"""Messages of the agent's protocol in and out of HTTP."""

import msgspec
from django.http import HttpRequest, HttpResponse

from waybillguard.agent.protocol import Message, decode, encode
from waybillguard.service.identity.devices.errors import not_a_message


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
