"""After a crash, the journal on disk decides the outcomes that are reported."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from waybillguard.agent.journal import FILE, Journal

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
A, B, C = "a" * 32, "b" * 32, "c" * 32


def opened(tmp_path: Path) -> Journal:
    return Journal(tmp_path / FILE, NOW)


def unreported(journal: Journal) -> list[tuple[str, str, str]]:
    return [(ack.job, ack.outcome, ack.reason) for ack in journal.unreported()]


def test_a_leased_job_was_never_begun(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.leased([A, B], NOW)
    with opened(tmp_path) as journal:
        assert unreported(journal) == [(A, "failed", "not_started"), (B, "failed", "not_started")]


def test_a_begun_job_is_uncertain(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.leased([A], NOW)
        journal.sending(A, NOW)
    with opened(tmp_path) as journal:
        assert unreported(journal) == [(A, "uncertain", "crashed")]


def test_an_outcome_stays_until_it_is_told(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.sending(A, NOW)
        journal.outcome(A, "sent", NOW)
    with opened(tmp_path) as journal:
        assert unreported(journal) == [(A, "sent", "")]
        journal.mark_reported([A], NOW)
    with opened(tmp_path) as journal:
        assert journal.holding() == []


@pytest.mark.parametrize("cut", range(2, 40, 7))
def test_a_torn_last_line_loses_only_itself(tmp_path: Path, cut: int) -> None:
    with opened(tmp_path) as journal:
        journal.outcome(A, "sent", NOW)
        journal.leased([B], NOW)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-cut])
    with opened(tmp_path) as journal:
        assert unreported(journal) == [(A, "sent", "")]
        journal.leased([C], NOW)
    with opened(tmp_path) as journal:
        assert [job for job, _, _ in unreported(journal)] == [A, C]


def test_it_holds_ids_and_states_and_is_this_users_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.sending(A, NOW)
    path = tmp_path / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().splitlines()[-1] == (
        '{"job":"' + A + '","state":"sending","at":"2026-11-25T08:00:00Z"}'
    )


def test_it_does_not_grow_without_end(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for number in range(3000):
            job = f"{number:032x}"
            journal.leased([job], NOW)
            journal.outcome(job, "sent", NOW)
            journal.mark_reported([job], NOW)
    assert (tmp_path / FILE).stat().st_size < 1_000_000
