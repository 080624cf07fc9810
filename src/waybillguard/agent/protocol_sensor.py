"""The message with which a station's agent reports the sensor's scan of its PC, signed like every request.

=============  =====================  ==============================================================
address        request                answer
=============  =====================  ==============================================================
``SCAN``       `ScanSent`             `ScanTaken`
=============  =====================  ==============================================================
"""

from typing import Annotated, Final

from msgspec import Meta

from waybillguard.agent.protocol import NO_NULL, Message, Request

SCAN: Final = "/api/v1/devices/scan"
LARGEST_SCAN: Final = 2_000_000


class ScanSent(Request, frozen=True, kw_only=True):
    """The result of ``sensor scan``, as its JSON text."""

    scan: Annotated[str, Meta(min_length=2, max_length=LARGEST_SCAN, pattern=NO_NULL)]


class ScanTaken(Message, frozen=True, kw_only=True):
    """The report was stored; ``sha256`` is the hash of the text."""

    sha256: str
