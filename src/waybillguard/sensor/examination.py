"""Runs a whole examination: from observations to findings, sessions, installations and exposed records."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from waybillguard.events.shared import Finding, RemoteSession
from waybillguard.sensor.case import Case, Settings
from waybillguard.sensor.evidence.child import gather
from waybillguard.sensor.evidence.exports import name_processes
from waybillguard.sensor.evidence.user_rules import check_rules
from waybillguard.sensor.installs import Install
from waybillguard.sensor.observation import Loss, Observation, ReadFile
from waybillguard.sensor.reach import Reach, count_exposure
from waybillguard.sensor.rules import judge


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an examination or a scan (contracts: ``sensor examine``)."""

    findings: tuple[Finding, ...]
    sessions: tuple[RemoteSession, ...]
    installs: tuple[Install, ...]
    reach: tuple[Reach, ...] = ()
    losses: tuple[Loss, ...] = ()
    read: tuple[ReadFile, ...] = ()

    def __repr__(self) -> str:
        """Show only the number of findings."""
        return f"Examination({len(self.findings)} findings, …)"


def conclude(
    seen: Iterable[Observation],
    *,
    settings: Settings | None = None,
    offset: int | None = None,
    losses: Sequence[Loss] = (),
    read: Sequence[ReadFile] = (),
    events: str | None = None,
    computers: Sequence[str] = (),
) -> tuple[Examination, Case]:
    """Compute an examination from observations; the same observations give the same result.

    Raises:
        EventsUnreadableError: ``events`` cannot be read.
    """
    case = Case(name_processes(list(seen)), settings=settings, offset=offset, computers=computers)
    reach = (
        count_exposure(events, case.installs, case.sessions, case.by_tool.values(), computers)
        if events
        else ()
    )
    return (
        Examination(
            findings=judge(case),
            sessions=case.sessions,
            installs=case.installs,
            reach=reach,
            losses=tuple(losses),
            read=tuple(sorted(read, key=lambda each: each.file)),
        ),
        case,
    )


def examine(
    paths: Sequence[str],
    *,
    settings: Settings | None = None,
    events: str | None = None,
    rules: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Examination, Case]:
    """Examine folders and zips of evidence in a child process with bounded resources.

    ``rules`` is a folder of additional YARA and Sigma rules.

    Raises:
        EventsUnreadableError: ``events`` cannot be read.
        RulesError: ``rules`` holds no rules, or YARA rules without yara-x installed.
    """
    if rules:
        check_rules(rules)
    found = gather(paths, rules=rules, progress=progress)
    return conclude(
        found.seen,
        settings=settings,
        offset=found.offset,
        losses=found.losses,
        read=found.read,
        events=events,
        computers=found.computers,
    )
