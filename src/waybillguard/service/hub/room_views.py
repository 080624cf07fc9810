"""The case room page, for a guest without an account: enter a code, then download documents in Word or PDF."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from waybillguard.service.audit.recording import record
from waybillguard.service.cases.joint import seen_by
from waybillguard.service.hub.joint_views import PAPERS
from waybillguard.service.hub.rooms import check_code, find_valid_link
from waybillguard.service.hub.views import paper


@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code; if it is right, return the requested document or list the documents.

    Every request carries the code, so nothing is stored in the guest's browser.
    """
    link = find_valid_link(token, timezone.now())
    if link is None:
        return _shown(request, {"over": True}, 410)
    if request.method != "POST":
        return _shown(request, {}, 200)
    code, asked = request.POST.get("code", ""), request.POST.get("paper", "")
    with scope(tenant=link.tenant):
        if not check_code(link, code):
            return _shown(request, {"wrong": True}, 403)
        name, _dot, ending = asked.partition(".")
        record(
            link.tenant,
            "export",
            account=f"room:{link.pk}",
            purpose="joint_case",
            workstation=f"joint:{link.joint_id}",
        )
        if name in PAPERS:
            view, _version = seen_by(link.joint, link.authority)
            made = PAPERS[name](view, timezone.localdate())
            marked = msgspec.structs.replace(
                made, foot=f"{made.foot}　交付：{link.given_to}（链接 {link.pk}）".strip()
            )
            return paper(marked, f"{name}-{link.joint.case.number}", ending)
    return _shown(request, {"link": link, "code": code, "papers": list(PAPERS)}, 200)


def _shown(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, "hub/room.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
