"""The program beside the printer and the print-component shim.

Promise: in lane B the print station holds nothing worth stealing. Jobs come sealed to the device's own key, are
opened in memory while they print, and are printed at most once, whatever breaks.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from waybillguard.agent.enrolcode import EnrolCode, new_code, read_code
    from waybillguard.agent.errors import AgentError
    from waybillguard.agent.sealedjob import lease, open_job, seal_job
    from waybillguard.agent.signing import sign, verify

_HOMES = {
    "AgentError": "errors",
    "EnrolCode": "enrolcode",
    "lease": "sealedjob",
    "new_code": "enrolcode",
    "open_job": "sealedjob",
    "read_code": "enrolcode",
    "seal_job": "sealedjob",
    "sign": "signing",
    "verify": "signing",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for: who reads one message needs neither signatures nor enrolment."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "AgentError",
    "EnrolCode",
    "lease",
    "new_code",
    "open_job",
    "read_code",
    "seal_job",
    "sign",
    "verify",
]
