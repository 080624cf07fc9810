"""Origin of a request, determined whenever an event is recorded."""

from typing import NamedTuple

from waybillguard.service.platform.hooks import Question


class RequestOrigin(NamedTuple):
    """Address, session (a keyed hash) and workstation of the request; empty if there is none."""

    ip: str = ""
    session: str = ""
    workstation: str = ""


request_origin: Question[[], RequestOrigin] = Question("from where the present request comes")
