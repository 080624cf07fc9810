"""Events for a SIEM: OCSF objects as JSON, in RFC 5424 syslog over TCP or TLS.

Promise: what a SIEM learns is who looked at which order and whether it was allowed, never whose order it is and
never which orders are decoys.
"""

from waybillguard.events.siem.ocsf import OCSF_VERSION, ocsf
from waybillguard.events.siem.syslog import SyslogError, SyslogSender, frame, syslog_message

__all__ = ["OCSF_VERSION", "SyslogError", "SyslogSender", "frame", "ocsf", "syslog_message"]
