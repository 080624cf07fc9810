"""OSCAL 1.2.1 export of the catalogue and of inspection results, for third-party tools.

OSCAL has two states of a finding; our five are in a property in our own namespace. Identifiers are UUIDv5, so the
same inspection gives the same bytes.
"""

from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from waybillguard.inspect.catalogue import Catalogue, digest
from waybillguard.inspect.model import Control, Inspection, Status, Verdict

VERSION: Final = "1.2.1"
NAMESPACE: Final = "https://waybillguard.example/ns/oscal"
_ROOT: Final = UUID("5f0cf6a4-6b0e-5d0f-9c39-5a2c7e0b41d8")


def catalogue_json(catalogue: Catalogue, modified: str) -> bytes:
    """Return the catalogue as an OSCAL catalog; ``modified`` is an ISO time with offset."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for control in catalogue.controls:
        groups.setdefault(control.id.partition("-")[0].lower(), []).append(_control(catalogue, control))
    return _encode(
        {
            "catalog": {
                "uuid": _uuid("catalog", catalogue.sha256()),
                "metadata": _metadata("面单卫士 检查项 / Waybill Guard controls", modified),
                "groups": [
                    {"id": name, "title": name.upper(), "controls": controls}
                    for name, controls in groups.items()
                ],
            }
        }
    )


def results_json(catalogue: Catalogue, inspection: Inspection) -> bytes:
    """Return an inspection as OSCAL assessment-results."""
    at = inspection.clock.now.isoformat()
    run = digest(inspection)
    controls = catalogue.by_id()
    judged = [verdict for verdict in inspection.verdicts if verdict.status is not Status.NOT_APPLICABLE]
    result: dict[str, Any] = {
        "uuid": _uuid("result", run),
        "title": "inspection",
        "description": f"检查 {inspection.organisation.name}",
        "start": at,
        "end": at,
        "reviewed-controls": {
            "control-selections": [
                {
                    "include-controls": [
                        {"control-id": verdict.control.lower()} for verdict in inspection.verdicts
                    ]
                }
            ]
        },
        "observations": [_observation(run, verdict) for verdict in judged],
        "findings": [_finding(run, controls[verdict.control], verdict) for verdict in judged],
    }
    if not judged:
        del result["observations"], result["findings"]
    return _encode(
        {
            "assessment-results": {
                "uuid": _uuid("results", run),
                "metadata": _metadata("面单卫士 检查结果 / Waybill Guard inspection", at),
                "import-ap": {"href": "#" + _uuid("plan", run)},
                "results": [result],
            }
        }
    )


def _control(catalogue: Catalogue, control: Control) -> dict[str, Any]:
    quotes = "\n".join(
        f"{catalogue.law(one.law, one.version).title_zh}（{one.version}）{one.article}：“{one.quote}”"
        for one in control.sources
    )
    name = control.id.lower()
    return {
        "id": name,
        "title": f"{control.title_zh} / {control.title_en}",
        "props": [
            _property("severity", control.severity),
            _property("level", control.level),
            _property("owner", control.owner),
            _property("authority", control.authority),
            _property("version", str(control.version)),
        ],
        "parts": [{"id": f"{name}_smt", "name": "statement", "prose": quotes}],
    }


def _observation(run: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "uuid": _uuid("observation", run, verdict.control),
        "description": verdict.reason_zh or verdict.status.value,
        "methods": ["TEST" if verdict.evidence_sha256 else "UNKNOWN"],
        "props": [_property("evidence-sha256", verdict.evidence_sha256 or "none")],
        "collected": (verdict.collected_at or verdict.judged_at).isoformat(),
    }


def _finding(run: str, control: Control, verdict: Verdict) -> dict[str, Any]:
    state = "satisfied" if verdict.status is Status.SATISFIED else "not-satisfied"
    return {
        "uuid": _uuid("finding", run, verdict.control),
        "title": control.title_zh,
        "description": verdict.reason_zh or verdict.status.value,
        "props": [
            _property("verdict", verdict.status.value),
            *(_property("flag", flag.value) for flag in verdict.flags),
        ],
        "target": {
            "type": "objective-id",
            "target-id": f"{control.id.lower()}_smt",
            "status": {"state": state},
        },
        "related-observations": [{"observation-uuid": _uuid("observation", run, verdict.control)}],
    }


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": value}


def _metadata(title: str, modified: str) -> dict[str, str]:
    return {"title": title, "last-modified": modified, "version": "1", "oscal-version": VERSION}


def _uuid(*parts: str) -> str:
    return str(uuid5(_ROOT, "\0".join(parts)))


def _encode(value: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)
