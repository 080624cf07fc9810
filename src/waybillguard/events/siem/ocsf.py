"""An access event as an object of the Open Cybersecurity Schema Framework (schema.ocsf.io, 1.3.0).

Sign-ins are class Authentication (3002), everything else API Activity (6003). The person token and the decoy mark
are omitted: the first links people, the second would tell a thief what to avoid.
"""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any, Final

from waybillguard.events.schema import SESSION_ACTIONS, AccessEvent, Action, micros

OCSF_VERSION: Final = "1.3.0"
_AUTHENTICATION: Final = (3, "Identity & Access Management", 3002, "Authentication")
_API_ACTIVITY: Final = (6, "Application Activity", 6003, "API Activity")
_ACTIVITIES: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        Action.LOGIN: (1, "Logon"),
        Action.LOGIN_FAILED: (1, "Logon"),
        Action.LOGOUT: (2, "Logoff"),
        Action.IMPORT: (1, "Create"),
    }
)
_READ: Final = (2, "Read")
_INFORMATIONAL, _LOW = (1, "Informational"), (2, "Low")


def ocsf(event: AccessEvent) -> dict[str, Any]:
    """Return the OCSF object of an event, JSON-serialisable, with the schema's keys."""
    category_uid, category, class_uid, class_name = (
        _AUTHENTICATION if event.action in SESSION_ACTIONS else _API_ACTIVITY
    )
    activity_id, activity = _ACTIVITIES.get(event.action, _READ)
    failed = not event.allowed or event.action == Action.LOGIN_FAILED
    severity_id, severity = _LOW if failed or event.exposed else _INFORMATIONAL
    user = _filled(name=event.account or event.person or "unknown", uid=event.account, full_name=event.person)
    session = _filled(uid=event.session)
    made: dict[str, Any] = {
        "activity_id": activity_id,
        "activity_name": activity,
        "category_uid": category_uid,
        "category_name": category,
        "class_uid": class_uid,
        "class_name": class_name,
        "type_uid": class_uid * 100 + activity_id,
        "type_name": f"{class_name}: {activity}",
        "time": micros(event.ts) // 1000,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 2 if failed else 1,
        "status": "Failure" if failed else "Success",
        "metadata": _filled(
            version=OCSF_VERSION,
            product={"name": "Waybill Guard", "vendor_name": "Waybill Guard", "version": _version()},
            uid=event.event_id,
            tenant_uid=event.tenant,
        ),
        "actor": _filled(user=user, session=session),
        "src_endpoint": _filled(ip=event.ip, hostname=event.workstation, uid=event.device)
        or {"name": "unknown"},
        "unmapped": _filled(
            action=event.action,
            exposed=event.exposed,
            purpose=event.purpose,
            category=event.category,
            explained_by=event.explained_by,
            explained_ref=event.explained_ref,
        ),
    }
    if class_uid == _AUTHENTICATION[2]:
        made["user"] = user
        if session:
            made["session"] = session
    else:
        made["api"] = {"operation": event.action, "service": {"name": "orders"}}
        if event.order_id is not None:
            made["resources"] = [{"type": "order", "uid": event.order_id}]
    return made


def _filled(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != {}}


def _version() -> str:
    try:
        return version("waybillguard")
    except PackageNotFoundError:  # run from a folder without installation
        return "0"
