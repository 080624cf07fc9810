"""Evidence: sealed by its hash, collected through providers, read from files."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec

from waybillguard.inspect.catalogue import catalogue, digest
from waybillguard.inspect.errors import InspectError
from waybillguard.inspect.model import Acceptance, Clock, Evidence, Fact, Moment, Organisation
from waybillguard.inspect.rules import facts_of

_MAX_FILE: Final = 50_000_000


class Provider(Protocol):
    """Observes live data; the service implements one a source."""

    @property
    def name(self) -> str:
        """Return what is observed, for the evidence record."""
        ...

    def facts(self) -> Mapping[str, Fact]:
        """Return what is observed now, by names of ``facts.yaml``; a fact that cannot be observed is left out."""
        ...


class EvidenceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``inspect run --evidence`` reads: the organisation, and evidence collected elsewhere.

    ``clock`` is the time of judgement; without it the verdicts are for the moment of the run.
    """

    organisation: Organisation
    evidence: tuple[Evidence, ...]
    acceptances: tuple[Acceptance, ...] = ()
    documents_seen: dict[str, Moment] = {}
    clock: Clock | None = None
    v: int = 1


def seal(evidence: Evidence) -> Evidence:
    """Return the evidence with its hash over every other field."""
    return msgspec.structs.replace(evidence, sha256=content_sha256(evidence))


def content_sha256(evidence: Evidence) -> str:
    """Return the hash of everything but the hash itself and the ledger entry, which is written later."""
    return digest(msgspec.structs.replace(evidence, sha256="", ledger_position=-1))


def collect(
    providers: Iterable[Provider], clock: Clock, *, since: datetime, source: str
) -> tuple[Evidence, ...]:
    """Ask every provider once, and seal for each control the facts it asks for.

    A control none of whose conditions can be answered gets no evidence; one that lacks a fact gets evidence without
    it, and its verdict says so. Of a fact that two providers know the first counts; lists of names
    are joined. Controls that rest on a dated
    document are left out: their evidence comes with the document.
    """
    found: dict[str, tuple[Fact, str]] = {}
    for provider in providers:
        for name, fact in provider.facts().items():
            known = found.get(name)
            if known is None:
                found[name] = (fact, provider.name)
            elif isinstance(known[0], tuple) and isinstance(fact, tuple):
                found[name] = (tuple(sorted({*known[0], *fact})), f"{known[1]}、{provider.name}")
    made = []
    for control in catalogue().controls:
        asked = sorted(facts_of((*control.when, *control.needs, *control.passes)) & found.keys())
        answers = control.when[0].fact in found if control.when else False
        if control.evidence.dated or not (answers or facts_of(control.passes) & found.keys()):
            continue
        made.append(
            seal(
                Evidence(
                    control=control.id,
                    control_version=control.version,
                    facts={name: found[name][0] for name in asked},
                    observed_from=since,
                    observed_to=clock.now,
                    collected_at=clock.now,
                    source=source,
                    collector="、".join(sorted({found[name][1] for name in asked})),
                )
            )
        )
    return tuple(made)


def read_evidence(path: Path) -> EvidenceFile:
    """Read an evidence file (JSON).

    Raises:
        InspectError: too large, no JSON, or a field that does not fit; the place is named.
    """
    try:
        if path.stat().st_size > _MAX_FILE:
            raise InspectError.unreadable(path.name, "> 50 MB")
        return msgspec.json.decode(content_of(path), type=EvidenceFile)
    except OSError as error:
        raise InspectError.unreadable(path.name, error.strerror or "I/O") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InspectError.unreadable(path.name, place_of(error)) from None


def content_of(path: Path) -> bytes:
    """Return a JSON file without the mark that Windows programs set before UTF-8.

    Raises:
        OSError: it cannot be read.
    """
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def place_of(error: Exception) -> str:
    """Return where a file does not fit, without quoting what stands there."""
    text = str(error)
    if "timezone" in text:
        return f"{text.rpartition(' - at ')[2].strip()}（时间须带时区 / the time needs its zone, 2026-11-28T09:00:00+08:00）"
    return text.rpartition(" - at ")[2] if " - at " in text else "not valid JSON"
