"""Evidence: sealed by its hash, collected through providers, read from files."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec

from waybillguard.inspect.catalogue import catalogue, digest
from waybillguard.inspect.errors import InspectError
from waybillguard.inspect.model import Acceptance, Clock, Evidence, Fact, Organisation

_MAX_FILE: Final = 50_000_000


class Provider(Protocol):
    """Observes live data for some controls; the service implements one a source."""

    name: str

    def facts(self, control: str) -> Mapping[str, Fact] | None:
        """Return what is observed now for a control, or None where this provider knows nothing."""
        ...


class EvidenceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``inspect run --evidence`` reads: the organisation, and evidence collected elsewhere.

    ``clock`` is the time of judgement; without it the verdicts are for the moment of the run.
    """

    organisation: Organisation
    evidence: tuple[Evidence, ...]
    acceptances: tuple[Acceptance, ...] = ()
    documents_seen: dict[str, datetime] = {}
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
    """Ask every provider for every control that names it, and seal what they observed.

    A control without an answer gets no evidence; its verdict will say so.
    """
    named = {provider.name: provider for provider in providers}
    found = []
    for control in catalogue().controls:
        provider = named.get(control.evidence.provider)
        facts = provider.facts(control.id) if provider else None
        if facts is not None:
            found.append(
                seal(
                    Evidence(
                        control=control.id,
                        control_version=control.version,
                        facts=dict(facts),
                        observed_from=since,
                        observed_to=clock.now,
                        collected_at=clock.now,
                        source=source,
                        collector=control.evidence.provider,
                    )
                )
            )
    return tuple(found)


def read_evidence(path: Path) -> EvidenceFile:
    """Read an evidence file (JSON).

    Raises:
        InspectError: too large, no JSON, or a field that does not fit; the place is named.
    """
    try:
        if path.stat().st_size > _MAX_FILE:
            raise InspectError.unreadable(path.name, "> 50 MB")
        return msgspec.json.decode(path.read_bytes(), type=EvidenceFile)
    except OSError as error:
        raise InspectError.unreadable(path.name, error.strerror or "I/O") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InspectError.unreadable(path.name, place_of(error)) from None


def place_of(error: Exception) -> str:
    """Return where a file does not fit, without quoting what stands there."""
    text = str(error)
    return text.rpartition(" - at ")[2] if " - at " in text else "not valid JSON"
