"""Run a trace: from an engine and a list of victims to sources, guards, ties, and what to ask for next."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from waybillguard.trace import guards, reasons
from waybillguard.trace.joining import Asking
from waybillguard.trace.material import BINS_A_DAY, NAMED, Material, gather
from waybillguard.trace.naming import ALONE, SURE, Actor, Named, names_of, only_reader, settle_joint
from waybillguard.trace.roster import Shifts
from waybillguard.trace.solve import Solved, solve
from waybillguard.trace.structs import Affected, Answer, Checks, Source
from waybillguard.trace.victims import VictimTable

FEWEST: Final = 6.0
"""Least number of expected victims that a lead must explain."""
_ENOUGH: Final = 20
_WORTH_TESTING: Final = 0.5
_WORK: Final = 0.5
_LONG, _MOSTLY = 0.5, 0.6
_UNUSUAL: Final = 2.0
"""An account must have looked at this many times its usual number of orders in the days of a theft."""
_PILE, _COVER, _UNTIMED = 3.0, 0.8, 0.4
_SUREST: Final = 0.999
"""Upper bound of the chance of a named person: no model is more certain than this."""
_MOST_LOG: Final = 690.0

type Progress = Callable[[str], None]


def trace(
    engine: Asking,
    victims: VictimTable,
    shifts: Shifts,
    *,
    seed: int = 0,
    progress: Progress = lambda _step: None,
) -> Answer:
    """Find where the victims' data left (contracts: trace).

    Args:
        engine: with ``events`` loaded and the view ``orders`` created.
        victims: the list of victims.
        shifts: the roster; empty if there is none.
        seed: seed of the sweeps and permutations; the same input gives the same answer.
        progress: called at the beginning of each step with its name: read, search, guards.
    """
    progress("read")
    material = gather(engine, victims.rows, shifts)
    progress("search")
    solved = solve(material, seed=seed)
    settle_joint(solved)
    named = [one for at, found in enumerate(solved) for one in names_of(found, at)]
    progress("guards")
    # Callers who target one class of goods may have their list from anywhere: it competes with sources, but is not
    # one.
    goods = [one for one in named if one.kernel == "goods"]
    named = [one for one in named if one.kernel != "goods"]
    tested = _tested(engine, solved, named, shifts, seed)
    sources = tuple(source for source, _ in sorted(tested, key=_best_first))
    return Answer(
        sources=sources,
        outside=_outside(material, named),
        affected=_affected(named, sources),
        victims=material.census.read,
        candidates=sum(sum(ground.actors.values()) for ground in material.grounds),
        checks=_checks(victims, material, sources, renamed=len(shifts.renamed), goods=goods),
    )


def _best_first(item: tuple[Source, Named]) -> tuple[bool, float, float]:
    source, named = item
    return not source.priority_lead, -round(source.posterior, 3), -named.log_odds


def _tested(
    engine: Asking, solved: Sequence[Solved], named: Sequence[Named], shifts: Shifts, seed: int
) -> list[tuple[Source, Named]]:
    """Test every named leak with the guards."""
    draw = np.random.default_rng(seed + 1)
    controls: dict[int, guards.Controls] = {}
    for one in named:
        if one.posterior >= _WORTH_TESTING and one.ground not in controls:
            ground = solved[one.ground].field.ground
            with engine.focus(ground.tenant):
                controls[one.ground] = guards.Controls(engine, ground, shifts)
    logs = [guards.log_e(solved[one.ground], one) for one in named]
    hypotheses = sum(
        count for found in solved for kind, count in found.field.ground.actors.items() if kind in NAMED
    )
    passed = guards.e_passes(logs, max(1, hypotheses))
    verdicts = []
    for one, log, by_e in zip(named, logs, passed, strict=True):
        found = solved[one.ground]
        p, against = 1.0, []
        if one.ground in controls and one.posterior >= _WORTH_TESTING:
            if one.named:
                p = guards.permutation_p(found, one, controls[one.ground], guards.Density(found), draw)
            else:
                against += _outside_doubts(found, one, controls[one.ground])
        against = list(dict.fromkeys(against + _doubts(found, one, p, by_e=by_e)))
        if "cover" in against:
            one = replace(one, tie=tuple(dict.fromkeys((*one.tie, guards.cover(found, one)[1]))))  # noqa: PLW2901 - the same leak, with its rival
        verdicts.append((one, log, p, against))
    together = several_carriers([one for one, _, _, against in verdicts if not against])
    for one, _, _, against in verdicts:
        if any(one is lead for lead in together):
            against.append("several")
    open_ = [at for at, (_, _, _, against) in enumerate(verdicts) if not against]
    rates = guards.discovery_rates([min(_SUREST, verdicts[at][0].posterior) for at in open_])
    by_place = dict(zip(open_, rates, strict=True))
    made = []
    for at, (one, log, p, against) in enumerate(verdicts):
        fdr = by_place.get(at, 1 - min(_SUREST, one.posterior))
        doubts = against if at not in by_place or fdr <= guards.ALPHA else ["fdr"]
        made.append((_source(solved[one.ground], one, doubts, fdr=fdr, p=p, log=log), one))
    return made


def several_carriers(leads: Sequence[Named]) -> list[Named]:
    """Return leads that are carriers of one warehouse in the same days: their common source leaked, not each."""
    carriers = [one for one in leads if one.actor[0] == "unlogged" and one.actor[3]]
    return [
        one
        for one in carriers
        if any(
            other is not one
            and other.ground == one.ground
            and other.first <= one.last
            and one.first <= other.last
            for other in carriers
        )
    ]


def _doubts(found: Solved, one: Named, p: float, *, by_e: bool) -> list[str]:
    doubts = []
    if one.posterior < SURE:
        doubts.append("tie" if one.tie else "unsure")
    if one.explained < FEWEST:
        doubts.append("few")
    if not by_e:
        doubts.append("e_value")
    if one.named and p > guards.BY_CHANCE:
        doubts.append("permutation")
    if (
        one.actor[0] in {"account", "pair"}
        and found.field.ground.explained_known
        and one.explained_by_work > _WORK
    ):
        doubts.append("work")
    if one.named and one.kernel in "RUXA" and _habitual(found, one):
        doubts.append("habit")
    return doubts


def _habitual(found: Solved, one: Named) -> bool:
    """Return whether the account, or a station's only reader, did nothing unusual in these days.

    A theft adds looks. If a list consists of somebody's usual looks, only the list speaks against that person.
    Counted are looks off shift if they are the suspicion, else looks without a work reason. A tap on a station's
    screen adds no looks either, so stations are not tested, unless only one account reads there: naming that
    station names a person.
    """
    ground = found.field.ground
    if (habit := ground.habits.get(one.actor[1] or only_reader(ground, one.actor[2]))) is None:
        return False
    looks = habit.read if not ground.explained_known else habit.unexplained
    looks = habit.off_shift if one.kernel == "X" else looks
    first = ground.first_bin // BINS_A_DAY
    days = (ground.first_bin + np.arange(len(looks))) // BINS_A_DAY - first
    daily, worked = np.bincount(days, looks), np.bincount(days, habit.read) > 0
    inside = np.zeros(len(daily), dtype=np.bool_)
    inside[int(one.first) - first : int(one.last) - first + 1] = True
    usual = daily[worked & ~inside]
    if not worked.any() or not (inside & worked).any():
        return False
    span = np.ptp(np.flatnonzero(worked)) + 1
    if span > _LONG * ground.log_days and one.last - one.first > _MOSTLY * span:
        return True  # too few days left to compare with
    if not len(usual):
        return False
    return float(daily[inside & worked].mean()) < _UNUSUAL * float(usual.mean())


def _outside_doubts(found: Solved, one: Named, controls: guards.Controls) -> list[str]:
    doubts = []
    if one.posterior < ALONE:
        doubts.append("unsure")
    if guards.concentration(found, one, controls) > _PILE:
        doubts.append("pile")
    if guards.cover(found, one)[0] > _COVER:
        doubts.append("cover")
    if float(found.field.times.untimed.mean()) > _UNTIMED or _mostly_unsaid(found):
        doubts.append("untimed")
    return doubts


def _elsewhere(one: Named, doubts: Sequence[str]) -> bool:
    """Return whether only the choice between outside sources is open: no person is named by that."""
    return not one.named and one.outside >= ALONE and set(doubts) <= {"unsure", "tie", "fdr"}


def _mostly_unsaid(found: Solved) -> bool:
    said = [not np.isnan(one.contacted) for one in found.field.ground.victims]
    return sum(said) < (1 - _UNTIMED) * len(said)


def _source(found: Solved, one: Named, doubts: Sequence[str], *, fdr: float, p: float, log: float) -> Source:
    kind, account, station, detail = one.actor
    ground = found.field.ground
    elsewhere = _elsewhere(one, doubts)
    return Source(
        kind=kind,  # type: ignore[arg-type]  # one of the kinds of Key
        tenant=ground.tenant,
        account=account or None,
        workstation=station or None,
        start=_iso(one.first),
        end=_iso(one.last),
        posterior=round(min(one.posterior, _SUREST), 4),
        share=round(one.explained / max(one.seen, one.explained, 1.0), 4),
        explained=round(one.explained, 2),
        looked_at=one.looked_at,
        tie=tuple(_as_source(actor, ground.tenant) for actor in one.tie),
        priority_lead=not doubts,
        fdr=round(fdr, 6),
        p_permutation=float(f"{p:.3g}"),
        e_value=float(f"{np.exp(min(log, _MOST_LOG)):.3g}"),
        detail=detail or None,
        kernel=one.kernel,
        why_zh=reasons.why(one, doubts, "zh", elsewhere=elsewhere),
        why_en=reasons.why(one, doubts, "en", elsewhere=elsewhere),
        next_evidence=reasons.next_evidence(one, doubts, "zh"),
        next_evidence_en=reasons.next_evidence(one, doubts, "en"),
        elsewhere=elsewhere,
    )


def _as_source(actor: Actor, tenant: str) -> dict[str, str | None]:
    kind, account, station, detail = actor
    return {
        "kind": kind, "tenant": tenant, "account": account or None, "workstation": station or None,
        "detail": detail or None,
    }  # fmt: skip


def _iso(day: float) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).isoformat(timespec="seconds")


def _outside(material: Material, named: Sequence[Named]) -> float:
    """Return the share of joined victims that no source of these warehouses explains."""
    joined = len(material.census.joined)
    if not joined:
        return 1.0
    inside = sum(one.explained for one in named)
    return round(min(1.0, max(0.0, 1 - inside / joined)), 4)


def _affected(named: Sequence[Named], sources: Sequence[Source]) -> Affected:
    """Return how many people's data leaked: at least the explained victims, at most all orders of the sources."""
    low = sum(one.explained for one in named)
    high = sum(one.looked_at for one in named)
    # An account takes all the orders it viewed without a work reason; of outside labels or orders about half is
    # taken.
    best = sum(one.looked_at if one.named else max(one.explained, 0.5 * one.looked_at) for one in named)
    spread = 1.645 * float(np.sqrt(low))
    return Affected(round(best), max(0, round(low - spread)) if sources else 0, round(high))


def _checks(
    victims: VictimTable,
    material: Material,
    sources: Sequence[Source],
    *,
    renamed: int,
    goods: Sequence[Named],
) -> Checks:
    census = material.census
    joined = len(census.joined)
    lead = any(source.priority_lead for source in sources)
    more = 0 if lead else _more_needed(joined, sources)
    zh, en = reasons.notes(census, spans=len(material.spans), lead=lead, more=more, renamed=renamed)
    outside = map(reasons.elsewhere_note, (source for source in sources if source.elsewhere))
    for said in (*map(reasons.goods_note, goods), *outside):
        zh, en = (*zh, said[0]), (*en, said[1])
    return Checks(
        victims_read=census.read,
        victims_joined=joined,
        unknown=census.unknown,
        duplicates=census.duplicates,
        contradictory=census.contradictory,
        refused_rows=victims.refused,
        without_contact_time=census.untimed,
        enough=lead or joined >= _ENOUGH,
        more_needed=more,
        notes_zh=zh,
        notes_en=en,
    )


def _more_needed(joined: int, sources: Sequence[Source]) -> int:
    """Return about how many more victims a lead needs: as many again as are needed to explain enough."""
    if joined < _ENOUGH:
        return _ENOUGH - joined
    best = max((source.explained for source in sources), default=0.0)
    return max(5, round(2 * FEWEST - best)) if best < 2 * FEWEST else joined // 2
