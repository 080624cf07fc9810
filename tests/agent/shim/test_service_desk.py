"""The desk requests labels from the service by number, and returns the outcome of each label."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from waybillguard.agent.errors import RefusedError, unreachable
from waybillguard.agent.printers.model import Standing
from waybillguard.agent.protocol_desk import (
    Note,
    Notes,
    NotesTaken,
    Outcomes,
    OutcomesAsk,
    PrintAsk,
    PrintTaken,
    TakenDocument,
    TicketOutcome,
)
from waybillguard.agent.shim import notebook
from waybillguard.agent.shim.desk import DocumentResult, Outcome
from waybillguard.agent.shim.errors import DeskRefusedError
from waybillguard.agent.shim.notebook import FILE, NoteBook
from waybillguard.agent.shim.service_desk import ServiceDesk

KEY = "0" * 64
A, B = "a" * 32, "b" * 32


class Service:
    def __init__(self, taken: list[TakenDocument], *answers: Any) -> None:
        self.taken, self.answers = taken, list(answers)
        self.asked: list[PrintAsk] = []
        self.notes: list[Notes] = []
        self.deaf = 0

    async def ask_print(self, message: PrintAsk) -> PrintTaken:
        self.asked.append(message)
        return PrintTaken(documents=self.taken)

    async def outcomes(self, message: OutcomesAsk) -> Outcomes:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Outcomes(tickets=[one for one in answer if one.ticket in message.tickets])

    async def note(self, message: Notes) -> NotesTaken:
        if self.deaf:
            self.deaf -= 1
            raise unreachable()
        self.notes.append(message)
        return NotesTaken(kept=len(message.notes))


def desk(service: Service, **options: Any) -> ServiceDesk:
    printers = {"label-1": (203, Standing("ready")), "label-2": (300, Standing("paper_out"))}
    return ServiceDesk(service, lambda: printers, now=lambda: datetime.now(UTC), pause=0.01, **options)


def results(service: Service, **options: Any) -> list[DocumentResult]:
    async def go() -> list[DocumentResult]:
        taken = await desk(service, **options).take(
            [("1", "WG-1"), ("2", "WG-2")], printer="label-1", key=KEY
        )
        return [result async for result in taken]

    return asyncio.run(go())


TWO = [TakenDocument(document="1", ticket=A), TakenDocument(document="2", ticket=B)]


def test_each_label_gets_its_outcome_as_it_is_known() -> None:
    service = Service(
        TWO,
        [TicketOutcome(ticket=A), TicketOutcome(ticket=B, outcome="printed")],
        [TicketOutcome(ticket=A, outcome="uncertain")],
    )
    assert results(service) == [DocumentResult("2", Outcome.PRINTED), DocumentResult("1", Outcome.UNCERTAIN)]
    assert [(one.document, one.reference) for one in service.asked[0].documents] == [
        ("1", "WG-1"),
        ("2", "WG-2"),
    ]


def test_a_number_that_is_no_order_fails_with_the_reason_and_the_rest_prints() -> None:
    taken = [TWO[0], TakenDocument(document="2", zh="没有", en="none")]
    found = results(Service(taken, [TicketOutcome(ticket=A, outcome="printed")]))
    assert found == [DocumentResult("2", Outcome.FAILED, "没有 / none"), DocumentResult("1", Outcome.PRINTED)]


def test_a_task_without_any_order_is_refused_whole() -> None:
    with pytest.raises(DeskRefusedError, match="none"):
        results(Service([TakenDocument(document="1", zh="没有", en="none")]))


def test_a_service_that_is_away_for_a_moment_is_asked_again() -> None:
    service = Service(TWO[:1], unreachable(), [TicketOutcome(ticket=A, outcome="printed")])
    assert results(service) == [DocumentResult("1", Outcome.PRINTED)]


@pytest.mark.parametrize("status", [403, 408, 429, 500, 503])
def test_a_service_that_refuses_for_now_is_asked_again(status: int) -> None:
    busy = RefusedError(zh="稍后", en="later", reason="too_many", status=status)
    service = Service(TWO[:1], busy, busy, [TicketOutcome(ticket=A, outcome="printed")])
    assert results(service) == [DocumentResult("1", Outcome.PRINTED)]


def test_a_device_that_is_revoked_says_nothing_more() -> None:
    cut = RefusedError(zh="已吊销", en="revoked", reason="device_revoked", status=403)
    assert results(Service(TWO[:1], cut)) == []


def test_many_tasks_at_once_ask_one_question_for_all_of_them() -> None:
    class Many(Service):
        """Issues a ticket a task; all are printed once the fifth question has come."""

        questions = most = 0

        async def ask_print(self, message: PrintAsk) -> PrintTaken:
            return PrintTaken(documents=[TakenDocument(document="1", ticket=message.key[:32])])

        async def outcomes(self, message: OutcomesAsk) -> Outcomes:
            self.questions += 1
            self.most = max(self.most, len(message.tickets))
            word: Any = "printed" if self.questions >= 5 else ""
            return Outcomes(tickets=[TicketOutcome(ticket=one, outcome=word) for one in message.tickets])

    service = Many([])

    async def go() -> list[DocumentResult]:
        at = desk(service)

        async def task(number: int) -> list[DocumentResult]:
            taken = await at.take([("1", "WG-1")], printer="label-1", key=f"{number:064x}"[::-1])
            return [result async for result in taken]

        return [one for some in await asyncio.gather(*map(task, range(300))) for one in some]

    assert asyncio.run(go()) == [DocumentResult("1", Outcome.PRINTED)] * 300
    assert service.questions <= 10
    assert service.most > 200


def test_who_gives_up_on_a_label_leaves_it_to_others_that_wait_for_it() -> None:
    class Late(Service):
        printed = False

        async def outcomes(self, message: OutcomesAsk) -> Outcomes:
            word: Any = "printed" if self.printed else ""
            return Outcomes(tickets=[TicketOutcome(ticket=one, outcome=word) for one in message.tickets])

    service = Late(TWO[:1])

    async def go() -> tuple[list[DocumentResult], list[DocumentResult]]:
        at = desk(service)
        impatient = desk(service, patience=0.05)
        impatient._following = at._following  # one station, a task whose patience ends sooner

        async def task(of: ServiceDesk) -> list[DocumentResult]:
            return [result async for result in await of.take([("1", "WG-1")], printer="label-1", key=KEY)]

        waits = asyncio.create_task(task(at))
        gave_up = await task(impatient)
        service.printed = True
        return gave_up, await waits

    assert asyncio.run(go()) == ([], [DocumentResult("1", Outcome.PRINTED)])


def test_a_label_without_an_outcome_is_left_open_after_a_while() -> None:
    assert results(Service(TWO[:1], *[[TicketOutcome(ticket=A)]] * 50), patience=0.05) == []


def test_printers_say_whether_they_are_ready_and_the_first_is_the_default() -> None:
    found = asyncio.run(desk(Service([])).printers())
    assert [(one.name, one.ready, one.default, one.dpi) for one in found] == [
        ("label-1", True, True, 203),
        ("label-2", False, False, 300),
    ]


def test_notes_are_told_again_until_they_are_kept() -> None:
    service = Service([])
    service.deaf = 2

    async def go() -> None:
        at = desk(service)
        telling = asyncio.create_task(at.tell_notes())
        await at.refused("plaintext_refused", "erp")
        await at.passed_on("SF1", "平台打印机")
        async with asyncio.timeout(5):
            while not service.notes:  # noqa: ASYNC110 - met by a value
                await asyncio.sleep(0.01)
        telling.cancel()

    asyncio.run(go())
    told = [(note.kind, note.code, note.document) for one in service.notes for note in one.notes]
    assert told == [("refused", "plaintext_refused", ""), ("passed_on", "", "SF1")]


def test_notes_that_were_not_told_outlive_the_station_and_keep_their_number(tmp_path: Path) -> None:
    path = tmp_path / FILE

    async def stopped(service: Service, *, noting: str, seconds: float = 0.2) -> None:
        book = NoteBook(path)
        at = desk(service, book=book)
        telling = asyncio.create_task(at.tell_notes())
        if noting:
            await at.passed_on(noting, "平台打印机")
        await asyncio.sleep(seconds)
        telling.cancel()
        book.close()

    away = Service([])
    away.deaf = 1000
    asyncio.run(stopped(away, noting="SF1"))
    with path.open("ab") as torn:
        torn.write(b'{"note":{"kind":"pass')
    book = NoteBook(path)
    (kept,) = book.first(10)
    book.close()
    service = Service([])
    asyncio.run(stopped(service, noting="SF2"))
    told = [note for one in service.notes for note in one.notes]
    assert (told[0].document, told[0].at) == ("SF1", kept.at)
    assert told[0].number == kept.number != told[1].number
    assert NoteBook(path).first(10) == []
    assert path.stat().st_mode & 0o077 == 0


def note(number: int) -> Note:
    return Note(kind="refused", at=datetime.now(UTC), code=f"c{number}")


def test_the_file_stays_small_while_the_service_is_away_and_what_was_dropped_stays_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "_MOST", 10)
    monkeypatch.setattr(notebook, "_COMPACT_AT", 20)
    path = tmp_path / FILE
    book = NoteBook(path)
    for number in range(500):
        book.keep(note(number))
    book.close()
    assert path.read_bytes().count(b"\n") <= 20 + 2 * 10 + 1
    again = NoteBook(path)
    assert [one.code for one in again.first(100)] == [f"c{number}" for number in range(490, 500)]
    again.close()


def test_what_a_long_outage_left_is_written_anew_a_few_times_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "_COMPACT_AT", 20)
    book = NoteBook(tmp_path / FILE)
    for number in range(2000):
        book.keep(note(number))
    files = set()
    while some := book.first(10):
        book.mark_sent(some)
        files.add((tmp_path / FILE).stat().st_ino)
    book.close()
    assert len(files) < 20


def test_a_folder_that_takes_no_file_for_a_while_ends_no_notes(tmp_path: Path) -> None:
    folder = tmp_path / "station"
    folder.mkdir()
    book = NoteBook(folder / FILE)
    book.close()
    folder.rename(tmp_path / "gone")
    book.keep(note(1))
    book.mark_sent(book.first(1))
    book.keep(note(2))
    (tmp_path / "gone").rename(folder)
    book.keep(note(3))
    book.close()
    again = NoteBook(folder / FILE)
    assert [one.code for one in again.first(10)] == ["c3"]
    again.close()
