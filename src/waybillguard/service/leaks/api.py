"""The machine API's part for answers to notices: lay one before two people, follow it, fetch its files."""

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema

from waybillguard.service.authorization.bearer import person_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.leaks import answers
from waybillguard.service.leaks.models import NoticeAnswer
from waybillguard.service.platform.errors import not_allowed
from waybillguard.service.platform.rates import Rate
from waybillguard.service.platform.schemas import Body, file_answer, listed
from waybillguard.trace import read_victims
from waybillguard.trace.notice import read_notice

router = Router()


class NoticeIn(Body):
    """A notice and the list that came with it."""

    notice: dict[str, Any] = Field(description="authority, number, date, from, to, scope")
    victims: str = Field(max_length=4_000_000, description="CSV: order, waybill or phone, a line each")


class NoticeAnswerOut(Schema):
    """Where an answer stands: asked, confirmed, agreed or refused; and the page where people confirm it."""

    id: int
    state: Annotated[str, listed(NoticeAnswer.State.values)]
    orders: int
    not_found: int
    address: str


@router.post("/notice-answers", response={201: NoticeAnswerOut}, throttle=[Rate("notices", "30/m")])
def create_notice_answer(request: HttpRequest, body: NoticeIn) -> tuple[int, dict[str, Any]]:
    """Lay a notice before two people; nothing is read out until both confirmed it in the console."""
    user = _person(request)
    notice = read_notice(msgspec.json.encode(body.notice))
    return 201, _out(answers.ask(user, notice, read_victims(body.victims.encode())))


@router.get("/notice-answers/{answer_id}", response=NoticeAnswerOut)
def get_notice_answer(request: HttpRequest, answer_id: int) -> dict[str, Any]:
    """Tell where an answer stands."""
    return _out(_answer(_person(request), answer_id))


@router.get("/notice-answers/{answer_id}/files", openapi_extra=file_answer("application/zip"))
def notice_answer_files(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Return the files of an answer that two people confirmed, as a zip; written to the ledger first."""
    user = _person(request)
    content = answers.fetch(user, _answer(user, answer_id), timezone.now())
    return HttpResponse(content, content_type="application/zip", headers={"Cache-Control": "no-store"})


def _person(request: HttpRequest) -> User:
    user = person_of(request)
    if not user.may(Permission.SECOND):
        raise not_allowed()
    return user


def _answer(user: User, answer_id: int) -> NoticeAnswer:
    rows = NoticeAnswer.objects.select_related("tenant", "made_by", "first", "second")
    return get_object_or_404(rows, pk=answer_id, tenant=tenant_of(user))


def _out(answer: NoticeAnswer) -> dict[str, Any]:
    return {
        "id": answer.pk,
        "state": str(answer.state),
        "orders": len(answer.orders),
        "not_found": answer.not_found,
        "address": reverse("leak_answer", args=[answer.pk]),
    }


ROUTERS = (router,)
