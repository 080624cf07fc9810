"""From where an act comes: asked whenever an event is written."""

from typing import NamedTuple

from waybillguard.service.platform.hooks import Question


class RequestOrigin(NamedTuple):
    """Address, session (a keyed hash) and workstation of who asks; empty where there is none."""

    ip: str = ""
    session: str = ""
    workstation: str = ""


request_origin: Question[[], RequestOrigin] = Question("from where the present request comes")
