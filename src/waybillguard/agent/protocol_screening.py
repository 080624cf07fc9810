"""How a screening of victims passes between a hub and a warehouse; the files are those of ``waybillguard trace match``.

============  ======================  ==============================================================
address       request                 answer
============  ======================  ==============================================================
``ASK``       `ScreeningAsk`          `ScreeningRequest`
``ANSWER``    `ScreeningPart`         `ScreeningTaken`
============  ======================  ==============================================================

The hub carries the files but cannot open them: victims are blinded under the key of the police, waybills under a key
that the warehouse makes for this answer and then discards.
"""

from typing import Annotated, Final

from msgspec import Meta

from waybillguard.agent.protocol import Message, Request

ASK: Final = "/api/v1/town/screening"
ANSWER: Final = "/api/v1/town/screening/answer"
MAX_REQUEST: Final = 400_000
"""Size limit of the police's request in bytes; 5,000 blinded numbers take under 200,000."""
MAX_PART: Final = 1_000_000
"""Size limit of one setup in bytes; a request to the service has at most 2 MB."""
MAX_PARTS: Final = 99

type Number = Annotated[int, Meta(ge=0, le=9_999_999_999)]
type Blinded = Annotated[bytes, Meta(min_length=1, max_length=MAX_REQUEST)]


class ScreeningAsk(Request, frozen=True, kw_only=True):
    """Fetch the file of a screening that the hub announced."""

    id: Number


class ScreeningRequest(Message, frozen=True, kw_only=True):
    """The file of the police."""

    request: Blinded


class ScreeningPart(Request, frozen=True, kw_only=True):
    """One setup of ``parts``; with the first comes the response."""

    id: Number
    part: Annotated[int, Meta(ge=1, le=MAX_PARTS)]
    parts: Annotated[int, Meta(ge=1, le=MAX_PARTS)]
    setup: Annotated[bytes, Meta(min_length=1, max_length=MAX_PART)]
    response: Annotated[bytes, Meta(max_length=MAX_REQUEST)] = b""


class ScreeningTaken(Message, frozen=True, kw_only=True):
    """The part was stored."""
