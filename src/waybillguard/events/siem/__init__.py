"""Events for a SIEM: OCSF objects as JSON, in RFC 5424 syslog over TCP or TLS.

A SIEM receives who looked at which order and whether it was allowed. It never receives the consignee or which orders
are decoys.
"""

from waybillguard.events.siem.ocsf import OCSF_VERSION, ocsf
from waybillguard.events.siem.syslog import SyslogError, SyslogSender, frame, syslog_message

__all__ = ["OCSF_VERSION", "SyslogError", "SyslogSender", "frame", "ocsf", "syslog_message"]
