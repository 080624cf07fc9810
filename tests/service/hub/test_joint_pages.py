"""Pages of joint cases: separation of authorities, write conflicts, documents, the case room for guests."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.inspect.cases import Event, Task
from waybillguard.service.alerts.models import Channel, Message
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.cases.joint import append, open_joint, read
from waybillguard.service.cases.risks import open_cases
from waybillguard.service.hub.models import RoomLink, Seat
from waybillguard.service.hub.rooms import TRIES
from waybillguard.service.identity.accounts.employment import let_go
from waybillguard.service.identity.models import Role, User
from waybillguard.service.tenancy.signals import round_made

pytestmark = pytest.mark.django_db
NOTE = "内部研判记录"


@pytest.fixture
def table(town: SimpleNamespace, made_up: Any) -> Iterator[SimpleNamespace]:
    """A case with a note and two tasks; procuratorate, police and post take part, market does not."""
    with scope(tenant=town.tenant):
        for authority in ("procuratorate", "police", "post", "market"):
            user = made_up.make_user(town.tenant, authority, Role.INSPECTOR)
            Seat.objects.create(tenant=town.tenant, user=user, authority=authority)
            setattr(town, authority, user)
        first = Event(on=date(2026, 7, 1), kind="open", actor="procuratorate", note=NOTE)
        town.joint = open_joint(town.procuratorate, "procuratorate", "测试案", "post", ["police"], first)
        tasks = tuple(
            Task(warehouse="甲仓", item=item, authority=authority, owner="warehouse", due=date(2026, 8, 3))
            for item, authority in (("1", "post"), ("4", "police"))
        )
        append(town.joint, 1, "tasks", tasks, by=town.procuratorate, authority="procuratorate")
        yield town


def page(table: SimpleNamespace) -> str:
    return reverse("joint_case", args=[table.joint.pk])


def test_each_authority_sees_what_its_duty_needs(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    whole = signed_in(table.police).get(page(table)).content.decode()
    own = signed_in(table.post).get(page(table)).content.decode()
    assert NOTE in whole
    assert NOTE not in own
    assert len(re.findall('name="item"', whole)) == 2
    assert len(re.findall('name="item"', own)) == 1


def test_an_inspector_who_browses_finds_no_case_of_others_and_leaves_a_trace(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(table.market)
    for pk in range(table.joint.pk, table.joint.pk + 3):
        assert client.get(reverse("joint_case", args=[pk])).status_code == 404
    assert "测试案" not in client.get(reverse("joint_cases")).content.decode()
    assert client.get(reverse("joint_paper", args=[table.joint.pk, "evidence", "pdf"])).status_code == 404
    signed_in(table.post).get(page(table))
    assert OutboxEvent.objects.filter(purpose="joint_case", account=f"u{table.post.pk}").count() == 1


def test_whoever_takes_no_part_finds_the_case_nowhere_among_the_cases_either(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    table.market.role = Role.SUPERVISOR
    table.market.save()
    pk = table.joint.case_id
    for user in (table.market, table.owner):
        client = signed_in(user)
        assert "测试案" not in client.get(reverse("cases")).content.decode()
        for address in (reverse("case", args=[pk]), reverse("case_record", args=[pk, "docx"])):
            assert client.get(address).status_code == 404
        for name, sent in (("case_note", {"text": "x"}), ("case_close", {"outcome": "x"})):
            assert client.post(reverse(name, args=[pk]), sent).status_code in {403, 404}
        assert not list(open_cases(user))
    table.joint.case.refresh_from_db()
    assert table.joint.case.state == "open"
    Seat.objects.create(tenant=table.tenant, user=table.owner, authority="post")
    assert "测试案" in signed_in(table.owner).get(reverse("cases")).content.decode()


def test_a_leaver_who_is_taken_back_has_neither_seat_nor_room(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    opened_room(table, signed_in(table.post))
    let_go(table.owner, table.post, timezone.now())
    assert not Seat.objects.filter(user=table.post).exists()
    assert not RoomLink.objects.filter(ended_at=None).exists()


def test_the_second_writer_keeps_the_form_and_sees_the_difference(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    address = reverse("joint_event", args=[table.joint.pk])
    first = {"seen": 2, "kind": "site_visit", "on": "2026-07-02"}
    assert signed_in(table.procuratorate).post(address, first).status_code == 302
    mine = {"seen": 2, "kind": "served", "on": "2026-07-03", "note": "我写的备注"}
    refused = signed_in(table.police).post(address, mine)
    told = refused.content.decode()
    assert refused.status_code == 409
    assert "2026-07-02" in told
    assert "我写的备注" in told
    assert read(table.joint).version == 3
    assert signed_in(table.police).post(address, mine | {"seen": 3}).status_code == 302
    assert read(table.joint).version == 4


def test_a_number_used_twice_is_refused_on_the_page(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(table.procuratorate)
    address = reverse("joint_event", args=[table.joint.pk])
    paper = {"of": "procuratorate", "number": "测检〔2026〕1号", "dated": "2026-07-02"}
    client.post(address, {"seen": 2, "kind": "site_visit", "on": "2026-07-02", **paper})
    told = client.post(address, {"seen": 3, "kind": "round_table", "on": "2026-07-03", **paper}, follow=True)
    assert b"is used for another document" in told.content
    assert read(table.joint).version == 3


@pytest.mark.parametrize("name", ["rectification", "duties", "evidence", "visit"])
def test_every_document_opens_in_word_and_as_pdf(
    name: str, table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(table.procuratorate)
    word = client.get(reverse("joint_paper", args=[table.joint.pk, name, "docx"])).content
    opened = docx.Document(io.BytesIO(word))
    text = "".join(part.text for part in opened.paragraphs) + "".join(
        cell.text for table_ in opened.tables for row in table_.rows for cell in row.cells
    )
    assert "测试案" in text
    assert client.get(reverse("joint_paper", args=[table.joint.pk, name, "pdf"])).content.startswith(b"%PDF")


def test_what_is_overdue_is_told_once(table: SimpleNamespace) -> None:
    Channel.objects.create(
        tenant=table.tenant,
        name="群",
        kind="webhook",
        sealed_address="x",
        console="https://x",
        added_by=table.owner,
    )
    for _ in range(2):
        round_made.send(None, tenant=table.tenant, now=timezone.now(), believed=timezone.now())
    marks = [one for one in Message.objects.values_list("mark", flat=True) if one.startswith("joint:")]
    assert len(marks) == len(set(marks)) == 2


def opened_room(table: SimpleNamespace, client: Client) -> tuple[str, str]:
    told = client.post(
        reverse("joint_room", args=[table.joint.pk]), {"days": 7, "to": "某街道办"}
    ).content.decode()
    address = re.search(r"(/room/[\w-]+/)</p>", told)
    code = re.search(r">(\d{8})</p>", told)
    assert address
    assert code
    return address.group(1), code.group(1)


def test_the_room_gives_the_documents_to_whoever_has_link_and_code(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    address, code = opened_room(table, signed_in(table.post))
    stranger = Client()
    assert stranger.get(address).status_code == 200
    assert stranger.post(address, {"code": code}).status_code == 200
    paper = stranger.post(address, {"code": code, "paper": "rectification.docx"})
    text = "".join(
        cell.text for t in docx.Document(io.BytesIO(paper.content)).tables for r in t.rows for cell in r.cells
    )
    assert "甲仓" in text
    assert "某街道办" in "".join(
        part.text
        for section in docx.Document(io.BytesIO(paper.content)).sections
        for part in section.footer.paragraphs
    )
    assert NOTE not in text
    assert "远程控制" not in text  # the post authority must not see the police's task


def test_five_wrong_codes_or_the_last_day_end_a_room(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    address, code = opened_room(table, signed_in(table.post))
    wrong = "00000000" if code != "00000000" else "00000001"
    assert {Client().post(address, {"code": wrong}).status_code for _ in range(TRIES)} == {403}
    assert Client().post(address, {"code": code}).status_code == 410
    address, code = opened_room(table, signed_in(table.post))
    RoomLink.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(address, {"code": code}).status_code == 410


@pytest.mark.parametrize("how", ["has left", "sits elsewhere"])
def test_a_room_ends_with_whoever_made_it(
    how: str, table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    address, code = opened_room(table, signed_in(table.post))
    if how == "has left":
        User.objects.filter(pk=table.post.pk).update(is_active=False)
    else:
        Seat.objects.filter(user=table.post).update(authority="market")
    assert Client().post(address, {"code": code}).status_code == 410


def test_an_authority_removed_from_a_case_loses_page_form_and_links(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    police = signed_in(table.police)
    address, code = opened_room(table, police)
    parties = reverse("joint_parties", args=[table.joint.pk])
    assert signed_in(table.procuratorate).post(parties, {"seen": 2, "parties": ["cac"]}).status_code == 302
    assert police.get(page(table)).status_code == 404
    late = {"seen": 2, "kind": "served", "on": "2026-07-03"}
    assert police.post(reverse("joint_event", args=[table.joint.pk]), late).status_code == 404
    assert Client().post(address, {"code": code}).status_code == 410
    assert read(table.joint).version == 3
    table.joint.refresh_from_db()
    assert table.joint.parties == ["cac", "post", "procuratorate"]


def test_who_takes_part_is_not_for_everybody_to_change(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    parties = reverse("joint_parties", args=[table.joint.pk])
    signed_in(table.post).post(parties, {"seen": 2, "parties": ["market"]})
    table.joint.refresh_from_db()
    assert "market" not in table.joint.parties


def test_a_step_of_the_procuratorate_is_not_anothers_but_its_document_is_entered(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client, address = signed_in(table.post), reverse("joint_event", args=[table.joint.pk])
    signed_in(table.procuratorate).post(address, {"seen": 2, "kind": "site_visit", "on": "2026-07-02"})
    step = {"seen": 3, "kind": "proposal", "on": "2026-07-05"}
    assert b"choose whose it is" in client.post(address, step, follow=True).content
    theirs = {"of": "procuratorate", "number": "测检建〔2026〕1号", "dated": "2026-07-05"}
    client.post(address, step | theirs)
    entered = read(table.joint).course.events[-1]
    assert (entered.kind, entered.actor) == ("proposal", "procuratorate")


def test_chosen_items_become_tasks_of_a_pledge(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    sent = {"seen": 2, "warehouse": table.listed.pk, "days": 30, "origin": "pledge", "items": ["7"]}
    signed_in(table.procuratorate).post(reverse("joint_tasks", args=[table.joint.pk]), sent)
    made = read(table.joint).task("甲仓", "7")
    assert made.origin == "pledge"
    assert made.state == "notified"


def test_a_room_is_made_for_an_office_by_name(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    signed_in(table.post).post(reverse("joint_room", args=[table.joint.pk]), {"days": 7, "to": " "})
    assert not RoomLink.objects.exists()


def test_what_was_typed_stays_when_it_does_not_fit(
    table: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(table.procuratorate)
    reply = {"seen": 2, "kind": "reply", "on": "2026-07-20", "note": "已电话核实"}
    answer = client.post(reverse("joint_event", args=[table.joint.pk]), reply)
    assert answer.status_code == 422
    assert "已电话核实" in answer.content.decode()
    evidence = {"seen": 2, "kind": "photos", "name": "照片一", "sha256": "zz"}
    answer = client.post(reverse("joint_attach", args=[table.joint.pk]), evidence)
    assert answer.status_code == 422
    assert "照片一" in answer.content.decode()
    assert read(table.joint).version == 2


def test_the_list_tells_the_day_of_opening_and_what_is_overdue(
    table: SimpleNamespace, signed_in: Callable[[User], Client], time_machine: Any
) -> None:
    time_machine.move_to(timezone.now().replace(year=2027))
    listed = signed_in(table.procuratorate).get(reverse("joint_cases")).content.decode()
    assert "2026-07-01" in listed
    assert "overdue" in listed
