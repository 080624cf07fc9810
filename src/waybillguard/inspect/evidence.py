"""Evidence: seal it with a hash, collect it from providers, read it from files."""

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
    """A source of live facts. The service implements one provider per source."""

    @property
    def name(self) -> str:
        """Return the name of the source, for the evidence record."""
        ...

    def facts(self) -> Mapping[str, Fact]:
        """Return the current facts by their names in ``facts.yaml``. Facts that cannot be observed are left out."""
        ...


class EvidenceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content of the file for ``inspect run --evidence``: the organisation, and evidence collected elsewhere.

    ``clock`` is the time of judgement; without it, the time of the run is used.
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
    """Return the hash of all fields except the hash itself and the ledger entry, which is written later."""
    return digest(msgspec.structs.replace(evidence, sha256="", ledger_position=-1))


def collect(
    providers: Iterable[Provider], clock: Clock, *, since: datetime, source: str
) -> tuple[Evidence, ...]:
    """Query every provider once, and seal for each control the facts it needs.

    A control without any known fact gets no evidence. If some facts are missing, it gets evidence without them, and
    its verdict says so. If two providers return the same fact, the first one counts; lists of names are merged.
    Controls based on a dated document are left out: their evidence comes with the document.
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
        InspectError: the file is too large, not JSON, or has an invalid field; the position is named.
    """
    try:
        if path.stat().st_size > _MAX_FILE:
            raise InspectError.unreadable(path.name, "> 50 MB")
        return msgspec.json.decode(content_of(path), type=EvidenceFile)
    except OSError as error:
        raise InspectError.unreadable(path.name, error) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InspectError.unreadable(path.name, place_of(error)) from None


def content_of(path: Path) -> bytes:
    """Return the content of a JSON file without a UTF-8 byte order mark.

    Raises:
        OSError: it cannot be read.
    """
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def place_of(error: Exception) -> str:
    """Return the position of a decoding error, without quoting the content."""
    text = str(error)
    if "timezone" in text:
        return f"{text.rpartition(' - at ')[2].strip()}（时间须带时区 / the time needs its zone, 2026-11-28T09:00:00+08:00）"
    return text.rpartition(" - at ")[2] if " - at " in text else "not valid JSON"
