"""The agent: the program on the print station, and the print-component shim.

Promise: in lane B the print station stores no personal data. Jobs arrive sealed to the device's own key, are
opened only in memory while they print, and are printed at most once, whatever fails.
"""

from typing import TYPE_CHECKING

from waybillguard.on_demand import on_demand

if TYPE_CHECKING:
    from waybillguard.agent.enrolcode import EnrolCode, new_code, read_code
    from waybillguard.agent.errors import AgentError
    from waybillguard.agent.sealedjob import lease, open_job, seal_job
    from waybillguard.agent.signing import sign, verify

# Loaded on demand: a process that reads one message needs neither signatures nor enrolment.
__getattr__ = on_demand(
    __name__,
    {
        "AgentError": "errors",
        "EnrolCode": "enrolcode",
        "lease": "sealedjob",
        "new_code": "enrolcode",
        "open_job": "sealedjob",
        "read_code": "enrolcode",
        "seal_job": "sealedjob",
        "sign": "signing",
        "verify": "signing",
    },
)


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
