"""The machine API (``/api/v1``): sign in, imports, orders, label runs."""

import logging
from collections.abc import Iterator
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, NinjaAPI, Router, Status
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.files import UploadedFile
from ninja.throttling import AnonRateThrottle

from waybillguard.errors import WaybillGuardError
from waybillguard.service.activity.recording import record, record_unhindered, refuse
from waybillguard.service.api.auth import BearerAuth, no_shell
from waybillguard.service.api.description import ABOUT, described
from waybillguard.service.api.models import MachineKey
from waybillguard.service.api.problems import problem
from waybillguard.service.api.rates import Rate
from waybillguard.service.api.schemas import (
    ImportOut,
    LoginIn,
    LoginOut,
    LookOut,
    MeOut,
    OrderPageOut,
    RefusedLabelOut,
    RefusedOut,
    RunIn,
    RunOut,
    SearchIn,
    SearchOut,
)
from waybillguard.service.api.vault_routes import order_out as _order
from waybillguard.service.api.vault_routes import router as vault_router
from waybillguard.service.common import context_of, keyd, tenant_of
from waybillguard.service.devices.errors import DeviceError
from waybillguard.service.devices.routes import router as devices_router
from waybillguard.service.devices.shim_routes import router as shim_router
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.pages.views.ledger import looks_of
from waybillguard.service.people.adapters import ask_both_at_once
from waybillguard.service.people.changes import note
from waybillguard.service.people.journal import failed
from waybillguard.service.people.models import Permission, ShellToken, User
from waybillguard.service.printing import services as printing
from waybillguard.service.printing.errors import PrintRequestError
from waybillguard.service.printing.models import LabelRun, Ticket
from waybillguard.service.stations.routes import router as stations_router
from waybillguard.service.vault import listing, search, services
from waybillguard.service.vault.errors import (
    NotAllowedError,
    StillRunningError,
    TooManySearchesError,
    database_refused,
    not_allowed,
)
from waybillguard.service.vault.models import Batch

api = NinjaAPI(
    title="Waybill Guard",
    version="1",
    description=ABOUT,
    auth=BearerAuth(),
    throttle=[Rate("all", "600/m")],
    docs_url=None,
    openapi_url=None,  # published below, to those who are signed in
    urls_namespace="api",
)
logger = logging.getLogger(__name__)

router = Router()
MOST_NUMBERS = 500


class SignInError(WaybillGuardError):
    """User name, password or code is wrong; which one is not said."""

    code = "sign_in"


def _person(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise PermissionError("the call is not signed in")
    return user


@api.exception_handler(WaybillGuardError)
def on_error(request: HttpRequest, error: WaybillGuardError) -> HttpResponse:
    """Answer an error of the rooms as a problem document."""
    if isinstance(error, DeviceError):
        return _problem(request, error.status, error.code, error.zh, error.en)
    status = 403 if isinstance(error, NotAllowedError) else 401 if isinstance(error, SignInError) else 422
    if isinstance(error, RefusedError) and error.reason in {"too_many_searches", "shredded"}:
        return _problem(request, 429 if error.reason != "shredded" else 410, error.reason, error.zh, error.en)
    if isinstance(error, TooManySearchesError):
        status = 429
    if error.code.startswith("keyd"):
        status = 503
    if isinstance(error, StillRunningError):
        response = problem(409, error.code, error.zh, error.en)
        response["Retry-After"] = "1"
        return response
    return _problem(request, status, error.code, error.zh, error.en)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def on_database(request: HttpRequest, error: OperationalError | InterfaceError) -> HttpResponse:
    """Answer a database that does not write, or is gone; its own text may quote a row and goes nowhere."""
    logger.error("the database refused: %s", type(error).__name__)
    refused = database_refused()
    return _problem(request, 503, refused.code, refused.zh, refused.en)


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    """Answer what is not there, or belongs to another tenant, alike."""
    return _problem(request, 404, "not_found", "没有这个对象", "there is no such thing")


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the fields that are not as required, never what they held; a refused upload is no missing field."""
    if getattr(request, "upload_refused", False):
        return problem(403)
    return problem(422, fields=sorted({".".join(str(part) for part in one["loc"]) for one in error.errors}))


@api.exception_handler(Throttled)
def on_throttled(_request: HttpRequest, error: Throttled) -> HttpResponse:
    """Tell when to come back."""
    response = problem(429)
    if error.wait:
        response["Retry-After"] = str(int(error.wait) + 1)
    return response


@api.exception_handler(HttpError)
def on_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what ninja itself refuses (a body that is no JSON, a missing token)."""
    return problem(error.status_code)


def _problem(_request: HttpRequest, status: int, code: str, zh: str, en: str) -> HttpResponse:
    return problem(status, code, zh, en)


@router.post("/login", auth=None, throttle=[AnonRateThrottle("20/m")], response=LoginOut)
def login(request: HttpRequest, body: LoginIn) -> dict[str, Any]:
    """Sign the shell in with user name, password and a one-time code (or recovery code)."""
    ask_both_at_once(request)
    # allauth counts wrong passwords by address and name, wrong codes by person, and slows guessing down.
    try:
        user = get_adapter().authenticate(request, username=body.username, password=body.password)
        if not isinstance(user, User) or user.tenant is None:
            raise _sign_in_refused()
        forget_tries = check_rate_limit(user)
    except DjangoValidationError:  # too many wrong tries
        raise Throttled(wait=60) from None
    if not _code_is_right(user, body.code):
        failed(user)
        raise _sign_in_refused()
    forget_tries()
    if user.shared:
        raise no_shell()
    now = timezone.now()
    secret, token = ShellToken.issue(user, body.label[:80], now)
    keyd().call(
        messages.Record(
            context=context_of(user, purpose="shell"), kind="sign_in", detail={"token": token.pk}
        ),
        messages.Recorded,
    )
    record(user.tenant, "login", user=user, purpose="shell")
    return {"token": secret, "expires_at": token.expires_at, "user": str(user), "tenant": user.tenant.slug}


def _sign_in_refused() -> SignInError:
    return SignInError(
        zh="用户名、密码或动态口令不正确。首次使用请先在浏览器完成设置。",
        en="user name, password or code is wrong. The first time, set up your sign-in in the browser.",
    )


def _code_is_right(user: User, code: str) -> bool:
    for authenticator in Authenticator.objects.filter(
        user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    ):
        if code and authenticator.wrap().validate_code(code):
            return True
    return False


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> dict[str, Any]:
    """Tell who the token belongs to, until when, and what a machine key may do."""
    user, token = _person(request), request.auth  # type: ignore[attr-defined]  # set by ninja
    tenant = tenant_of(user)
    key = token if isinstance(token, MachineKey) else None
    return {
        "user": str(user), "tenant": tenant.slug, "role": user.role, "expires_at": token.expires_at,
        "key": key.name if key else "", "scopes": key.scopes if key else [],
    }  # fmt: skip


@router.post("/logout", response={204: None})
def logout(request: HttpRequest) -> Status[None]:
    """End this token."""
    user, token = _person(request), request.auth  # type: ignore[attr-defined]  # set by ninja
    record_unhindered(user.tenant, "logout", user)
    with transaction.atomic():
        note(tenant_of(user), "token_revoked", person=user, actor=user, token=token.pk)
        token.delete()
    return Status(204, None)


@router.post("/imports", response={202: ImportOut})
def create_import(
    request: HttpRequest, file: File[UploadedFile], password: Form[str] = ""
) -> tuple[int, Batch]:
    """Upload an export; the worker reads and seals it out of sight."""
    return 202, services.start_import(_person(request), file, password)  # type: ignore[arg-type]  # our handler's class


@router.get("/imports/{import_id}", response=ImportOut)
def get_import(request: HttpRequest, import_id: int) -> Batch:
    """Tell where an import stands."""
    return _import(request, import_id)


@router.get("/imports/{import_id}/refused", response=list[RefusedOut])
def refused_rows(request: HttpRequest, import_id: int, after: int = 0) -> Any:  # noqa: ANN401 - a queryset of values
    """List refused rows, 1,000 at a time, by row number."""
    batch = _import(request, import_id)
    return (
        batch.refused.filter(tenant=batch.tenant, row__gt=after)
        .order_by("row")
        .values("sheet", "row", "reason")[:1000]
    )


@router.post("/imports/{import_id}/commit", response=ImportOut)
def commit_import(request: HttpRequest, import_id: int) -> Batch:
    """Let a previewed import in."""
    return services.commit_import(_person(request), _import(request, import_id))


@router.post("/imports/{import_id}/undo", response=ImportOut)
def undo_import(request: HttpRequest, import_id: int) -> Batch:
    """Take an import out again."""
    return services.undo_import(_person(request), _import(request, import_id))


@router.get("/orders", response=OrderPageOut)
def list_orders(
    request: HttpRequest, state: str = "", shop: str = "", lane: str = "", printed: str = "", cursor: str = ""
) -> dict[str, Any]:
    """List masked orders, newest first."""
    user = _person(request)
    if not user.may(Permission.VIEW):
        raise refuse(user, "view")
    filters = listing.OrderFilters(state=state, shop=shop, lane=lane, printed=printed)
    page = listing.list_orders(tenant_of(user), filters, cursor)
    if page.orders:
        record(tenant_of(user), "view", user=user, purpose="list")
    return {
        "orders": [_order(order) for order in page.orders],
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
    }


@router.get("/orders/{order_id}/looks", response=list[LookOut])
def order_looks(request: HttpRequest, order_id: int) -> list[dict[str, Any]]:
    """List every look at an order, oldest first; the asking is itself recorded."""
    user = _person(request)
    if not user.may(Permission.LEDGER):
        raise not_allowed()
    order = get_object_or_404(listing.visible(tenant_of(user)), pk=order_id)
    return looks_of(user, bytes(order.uid))


@router.post("/orders/search", response=SearchOut, throttle=[Rate("search", "60/m")])
def search_orders(request: HttpRequest, body: SearchIn) -> dict[str, Any]:
    """Find orders by number, full phone, last four digits within a day, or a piece of name or address."""
    also = [(term.kind, term.value) for term in body.also]
    result = search.search_orders(
        _person(request), body.kind, body.value, shop=body.shop, day=body.day, also=also
    )
    return {
        "orders": [_order(order) for order in result.orders],
        "truncated": result.truncated,
        "tested": result.tested,
        "indexing": result.indexing,
    }


@router.post("/label-runs", response={202: RunOut}, throttle=[Rate("labels", "60/m")])
def create_run(request: HttpRequest, body: RunIn) -> tuple[int, dict[str, Any]]:
    """Ask for labels; the worker draws and checks them."""
    user = _person(request)
    if not user.may(Permission.PRINT):
        raise refuse(user, "print")
    not_found: list[str] = []
    ids: list[int] | None = None
    if body.orders is not None:
        numbers = list(dict.fromkeys(body.orders))
        if len(numbers) > MOST_NUMBERS:
            raise PrintRequestError(
                zh=f"一次最多指定 {MOST_NUMBERS} 个单号，请分批打印",
                en=f"at most {MOST_NUMBERS} numbers at a time: print in parts",
            )
        found = search.find_numbers(user, numbers)
        not_found = [number for number, rows in found.items() if not rows]
        ids = [pk for rows in found.values() for pk in rows]
        if not ids and not_found:
            named = "、".join(not_found[:10])
            raise PrintRequestError(
                zh=f"没有这些单号的订单：{named}", en=f"no order has these numbers: {named}"
            )
    run = printing.start_run(
        user, order_ids=ids, everything=ids is None, size=body.size, dpi=body.dpi, file_kind=body.file_kind,
        station=body.station, carrier=body.carrier,
    )  # fmt: skip
    return 202, {**_run(run), "not_found": not_found}


@router.get("/label-runs/{run_id}", response=RunOut)
def get_run(request: HttpRequest, run_id: int) -> dict[str, Any]:
    """Tell where a label run stands."""
    return _run(_label_run(request, run_id))


@router.get("/label-runs/{run_id}/refused", response=list[RefusedLabelOut])
def refused_labels(request: HttpRequest, run_id: int) -> list[dict[str, str]]:
    """List the labels of a run that were not drawn, and why; at most 1,000."""
    run = _label_run(request, run_id)
    rows = run.tickets.filter(tenant=run.tenant, state=Ticket.State.REFUSED).select_related("order")[:1000]
    return [
        {
            "order_no": row.order.order_no,
            "waybill_no": row.order.waybill_no,
            "reason": row.reason_code,
            "reason_zh": row.reason_zh,
            "reason_en": row.reason_en,
        }
        for row in rows
    ]


@router.get("/label-runs/{run_id}/file")
def run_file(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """Fetch the labels of a run."""
    chunks: Iterator[bytes] = printing.file_chunks(_person(request), _label_run(request, run_id))
    return StreamingHttpResponse(chunks, content_type="application/octet-stream")


def _import(request: HttpRequest, import_id: int) -> Batch:
    user = _person(request)
    if not user.may(Permission.IMPORT):
        raise not_allowed()
    return get_object_or_404(Batch.objects.filter(tenant=tenant_of(user)), pk=import_id)


def _label_run(request: HttpRequest, run_id: int) -> LabelRun:
    user = _person(request)
    if not user.may(Permission.PRINT):
        raise not_allowed()
    return get_object_or_404(
        LabelRun.objects.filter(tenant=tenant_of(user)).select_related("tenant"), pk=run_id
    )


def _run(run: LabelRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "state": run.state,
        "wanted": run.wanted,
        "done": run.done,
        "refused": run.refused,
        "error_zh": run.error_zh,
        "error_en": run.error_en,
    }


@router.get("/openapi.json", response=dict[str, Any])
def openapi(request: HttpRequest) -> dict[str, Any]:
    """Describe this API (OpenAPI 3.1)."""
    del request
    return described(dict(api.get_openapi_schema(path_prefix="/api/v1")))


api.add_router("", router)
api.add_router("", vault_router)
api.add_router("", devices_router)
api.add_router("", shim_router)
api.add_router("", stations_router)
