"""Judge evidence, and recompute verdicts. Missing evidence never passes, and doubts are shown as flags.

A verdict depends only on the arguments, so that a third party can recompute it from the same evidence.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from waybillguard.inspect.catalogue import Catalogue, digest
from waybillguard.inspect.evidence import content_sha256
from waybillguard.inspect.model import (
    Acceptance,
    Clock,
    Condition,
    Control,
    Evidence,
    Flag,
    Inspection,
    Organisation,
    Status,
    Verdict,
)
from waybillguard.inspect.rules import facts_of, fits, holds, words

#: Maximum difference between two correct clocks.
TOLERANCE: Final = timedelta(minutes=5)

_FLAGS: Final[Mapping[Flag, tuple[str, str]]] = {
    Flag.EXPIRED: ("证据已过期", "the evidence is too old"),
    Flag.CLOCK_WRONG: (
        "时钟有误，早于见证时间或先后颠倒",
        "the clock is wrong: behind the witness, or out of order",
    ),
    Flag.IN_FUTURE: ("证据日期在未来", "the evidence is dated in the future"),
    Flag.LAW_SUPERSEDED: ("所依据的法规版本已失效", "the control quotes a version of law no longer in force"),
    Flag.CONTROL_SUPERSEDED: ("证据对应旧版检查项", "the evidence belongs to another version of the control"),
    Flag.UPLOADED_AGAIN: (
        "同一文件曾以其他日期上传",
        "the same document was uploaded before with another date",
    ),
    Flag.CHANGED: ("证据内容与哈希不符", "the evidence does not match its hash"),
    Flag.FACT_MISSING: ("证据缺少必要数据", "the evidence lacks a fact"),
    Flag.NOTHING_OBSERVED: ("没有可核对的对象", "there was nothing to observe"),
    Flag.NO_DATES: ("文件没有生效日期", "the document has no effective date"),
    Flag.NOT_OBSERVED: (
        "该项只认系统实时采集的证据，文件或人工填写不算",
        "only what the system itself observes counts here, no document and nothing typed by hand",
    ),
    Flag.ACCEPTANCE_ENDED: (
        "风险接受已到期或不允许",
        "the acceptance of the risk has ended or is not allowed",
    ),
}


def inspect(
    catalogue: Catalogue,
    organisation: Organisation,
    evidence: Iterable[Evidence],
    clock: Clock,
    *,
    acceptances: Iterable[Acceptance] = (),
    documents_seen: Mapping[str, datetime] | None = None,
) -> Inspection:
    """Judge every control of the catalogue once.

    Args:
        catalogue: the controls.
        organisation: the inspected organisation, with its role per data flow.
        evidence: in any order; of several for one control, the one collected last counts.
        clock: the time of judgement and the newest witnessed time.
        acceptances: accepted risks.
        documents_seen: hash of each document ever uploaded → the effective date given at its first upload.
    """
    pieces: dict[str, Evidence] = {}
    for piece in sorted(evidence, key=lambda one: (one.collected_at, one.sha256)):
        pieces[piece.control] = piece
    accepted = {one.control: one for one in sorted(acceptances, key=lambda one: one.until)}
    seen = dict(documents_seen or {})
    verdicts = tuple(
        judge(catalogue, control, organisation, pieces.get(control.id), clock,
              acceptance=accepted.get(control.id), documents_seen=seen)
        for control in catalogue.controls
    )  # fmt: skip
    known = {control.id for control in catalogue.controls}
    return Inspection(
        organisation=organisation,
        catalogue_sha256=catalogue.sha256(),
        clock=clock,
        verdicts=verdicts,
        evidence=tuple(pieces[name] for name in sorted(pieces) if name in known),
        acceptances=tuple(accepted[name] for name in sorted(accepted)),
        documents_seen=seen,
    )


def recompute(catalogue: Catalogue, inspection: Inspection) -> tuple[str, ...]:
    """Recompute the verdicts of an inspection from its evidence; return the controls whose verdict differs.

    With another version of the catalogue every verdict differs, because it cannot be checked with these controls.
    """
    again = inspect(
        catalogue,
        inspection.organisation,
        inspection.evidence,
        inspection.clock,
        acceptances=inspection.acceptances,
        documents_seen=inspection.documents_seen,
    )
    stated = {verdict.control: verdict for verdict in inspection.verdicts}
    ids = sorted(stated.keys() | {verdict.control for verdict in again.verdicts})
    if again.catalogue_sha256 != inspection.catalogue_sha256 or len(stated) != len(inspection.verdicts):
        return tuple(ids)
    fresh = {verdict.control: verdict for verdict in again.verdicts}
    return tuple(name for name in ids if stated.get(name) != fresh.get(name))


def judge(
    catalogue: Catalogue,
    control: Control,
    organisation: Organisation,
    evidence: Evidence | None,
    clock: Clock,
    *,
    acceptance: Acceptance | None = None,
    documents_seen: Mapping[str, datetime] | None = None,
) -> Verdict:
    """Judge one control.

    Not applicable: the organisation is of another kind, has none of the roles, or a ``when`` condition is not met.
    No evidence: there is none, or evidence that would pass has a flag. Failing evidence fails even if flagged.
    """
    if not _concerns(control, organisation):
        return _verdict(
            control, clock, evidence, Status.NOT_APPLICABLE, (), ("不涉及此角色", "not this role's duty")
        )
    flags: tuple[Flag, ...] = ()
    if evidence is None:
        status, said = Status.NO_EVIDENCE, ("没有证据", "there is no evidence")
    else:
        flags = _doubts(catalogue, control, evidence, clock, documents_seen or {})
        status, more, said = _weigh(catalogue, control, evidence)
        flags += more
        if status in {Status.SATISFIED, Status.NOT_APPLICABLE} and flags:
            status = Status.NO_EVIDENCE
        if Flag.CHANGED in flags:
            status = Status.NO_EVIDENCE
    if acceptance is not None and status is Status.NOT_SATISFIED:
        if _may_accept(control, acceptance, clock):
            status = Status.RISK_ACCEPTED
            said = (
                f"{said[0]}；已接受风险：{acceptance.reason}",
                f"{said[1]}; risk accepted: {acceptance.reason}",
            )
        else:
            flags += (Flag.ACCEPTANCE_ENDED,)
    return _verdict(control, clock, evidence, status, flags, said)


def _concerns(control: Control, organisation: Organisation) -> bool:
    roles = {flow.role for flow in organisation.flows}
    return organisation.kind in control.applies_to and (
        not roles.isdisjoint(control.roles) or organisation.kind == "supervisor"
    )


def _doubts(
    catalogue: Catalogue,
    control: Control,
    evidence: Evidence,
    clock: Clock,
    documents_seen: Mapping[str, datetime],
) -> tuple[Flag, ...]:
    """Return all flags of a piece of evidence: the reasons not to rely on it."""
    now = clock.now
    dated = control.evidence.dated or evidence.method == "document"
    age_from = evidence.effective_at if dated else evidence.observed_to
    dates = (evidence.observed_from, evidence.observed_to, evidence.collected_at, evidence.effective_at)
    behind = clock.witnessed is not None and now < clock.witnessed - TOLERANCE
    out_of_order = (
        evidence.observed_from > evidence.observed_to
        or evidence.observed_to > evidence.collected_at + TOLERANCE
    )
    first_seen = documents_seen.get(evidence.document_sha256) if evidence.document_sha256 else None
    doubts = {
        Flag.CHANGED: evidence.sha256 != content_sha256(evidence),
        Flag.CLOCK_WRONG: behind or out_of_order,
        Flag.IN_FUTURE: any(at is not None and at > now + TOLERANCE for at in dates),
        Flag.NO_DATES: dated and evidence.effective_at is None,
        Flag.NOT_OBSERVED: control.evidence.mode == "live" and evidence.method != "live",
        Flag.EXPIRED: (evidence.expires_at is not None and evidence.expires_at <= now)
        or (age_from is not None and now - age_from > timedelta(hours=control.evidence.max_age_hours)),
        Flag.UPLOADED_AGAIN: first_seen is not None and first_seen != evidence.effective_at,
        Flag.CONTROL_SUPERSEDED: evidence.control_version != control.version,
        Flag.LAW_SUPERSEDED: catalogue.superseded(control, now.date()),
    }
    return tuple(flag for flag, found in doubts.items() if found)


def _weigh(
    catalogue: Catalogue, control: Control, evidence: Evidence
) -> tuple[Status, tuple[Flag, ...], tuple[str, str]]:
    """Apply only the control's rules to the facts."""
    facts, kinds = evidence.facts, catalogue.facts

    def usable(conditions: Iterable[Condition]) -> bool:
        return all(name in facts and fits(kinds[name], facts[name]) for name in facts_of(conditions))

    if not usable(control.when):
        return Status.NO_EVIDENCE, (Flag.FACT_MISSING,), ("", "")
    if not all(holds(one, facts) for one in control.when):
        said = [words(one, facts, kinds) for one in control.when if not holds(one, facts)]
        return Status.NOT_APPLICABLE, (), _joined(said)
    if not usable((*control.needs, *control.passes)):
        return Status.NO_EVIDENCE, (Flag.FACT_MISSING,), ("", "")
    if not all(holds(one, facts) for one in control.needs):
        return Status.NO_EVIDENCE, (Flag.NOTHING_OBSERVED,), ("", "")
    failed = [words(one, facts, kinds) for one in control.passes if not holds(one, facts)]
    if failed:
        return Status.NOT_SATISFIED, (), _joined(failed)
    shown = [words(one, facts, kinds) for one in control.passes]
    return Status.SATISFIED, (), _joined(shown)


def _joined(said: Iterable[tuple[str, str]]) -> tuple[str, str]:
    said = tuple(said)
    return "；".join(zh for zh, _ in said), "; ".join(en for _, en in said)


def _may_accept(control: Control, acceptance: Acceptance, clock: Clock) -> bool:
    """Return whether an acceptance applies. Legal duties cannot be accepted as a risk, other controls for a time."""
    return control.level != "mandatory" and acceptance.accepted_at <= clock.now < acceptance.until


def _verdict(
    control: Control,
    clock: Clock,
    evidence: Evidence | None,
    status: Status,
    flags: tuple[Flag, ...],
    said: tuple[str, str],
) -> Verdict:
    zh = "；".join([*(_FLAGS[flag][0] for flag in flags), *([said[0]] if said[0] else [])])
    en = "; ".join([*(_FLAGS[flag][1] for flag in flags), *([said[1]] if said[1] else [])])
    if control.lane_a and status in {Status.SATISFIED, Status.NOT_SATISFIED}:
        zh += "。A 通道面单：暴露受限，责任方：平台"
        en += ". Lane A labels: exposure limited; responsible: platform"
    return Verdict(
        control=control.id,
        control_version=control.version,
        control_sha256=digest(control),
        status=status,
        flags=flags,
        reason_zh=zh,
        reason_en=en,
        judged_at=clock.now,
        witnessed_at=clock.witnessed,
        evidence_sha256=evidence.sha256 if evidence else "",
        observed_from=evidence.observed_from if evidence else None,
        observed_to=evidence.observed_to if evidence else None,
        collected_at=evidence.collected_at if evidence else None,
        effective_at=evidence.effective_at if evidence else None,
        ledger_position=evidence.ledger_position if evidence else -1,
        claim=evidence.claim if evidence else "",
    )
