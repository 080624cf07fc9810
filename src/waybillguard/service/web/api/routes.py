"""The machine API (``/api/v1``): error handlers, sign-in, imports, orders; adds the routers of other packages."""

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any, Literal

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, NinjaAPI, Query, Router, Status
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.files import UploadedFile
from ninja.operation import Operation

from waybillguard.errors import WaybillGuardError
from waybillguard.service.activity.views_ledger import looks_of
from waybillguard.service.audit.recording import record, record_unhindered, refuse
from waybillguard.service.authorization.bearer import BearerAuth, person_of, shared_account_error
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.factors import confirm
from waybillguard.service.identity.accounts.journal import failed
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.devices.errors import DeviceError
from waybillguard.service.identity.grant import with_grant
from waybillguard.service.identity.models import MachineKey, Permission, ShellToken, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.people.adapters import ask_both_at_once
from waybillguard.service.platform.disk import WORDS, is_full
from waybillguard.service.platform.errors import NotAllowedError, database_refused, not_allowed
from waybillguard.service.platform.problems import problem
from waybillguard.service.platform.rates import AddressRate, Rate
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault import listing, search, services
from waybillguard.service.vault.errors import StillRunningError, TooManySearchesError
from waybillguard.service.vault.interrupted import as_it_stands
from waybillguard.service.vault.models import Batch, Lane, OrderState
from waybillguard.service.web.api.description import ABOUT, described
from waybillguard.service.web.api.run_routes import router as run_router
from waybillguard.service.web.api.schemas import (
    ImportOut,
    LoginIn,
    LoginOut,
    LookOut,
    MeOut,
    OrderPageOut,
    RefusedOut,
    SearchIn,
    SearchOut,
)
from waybillguard.service.web.api.strict import strictly
from waybillguard.service.web.api.vault_routes import order_out
from waybillguard.service.web.api.vault_routes import router as vault_router


class _Api(NinjaAPI):
    """Names operations after their functions, so that generated clients have readable names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the function."""
        return operation.view_func.__name__


api = _Api(
    title="Waybill Guard",
    version="1",
    description=ABOUT,
    auth=BearerAuth(),
    throttle=[Rate("all", "600/m")],
    docs_url=None,
    openapi_url=None,  # published below, for signed-in callers only
    urls_namespace="api",
)
api.add_decorator(strictly, mode="view")
logger = logging.getLogger(__name__)

router = Router()

_REFUSED_BY_KEYD = {"too_many_searches": 429, "limit_reached": 429, "not_granted": 403, "shredded": 410}


class SignInError(WaybillGuardError):
    """User name, password or code is wrong. The message does not say which."""

    code = "sign_in"


@api.exception_handler(WaybillGuardError)
def on_error(_request: HttpRequest, error: WaybillGuardError) -> HttpResponse:
    """Return an application error as a problem document."""
    if isinstance(error, DeviceError):
        return problem(error.status, error.code, error.zh, error.en)
    status = 403 if isinstance(error, NotAllowedError) else 401 if isinstance(error, SignInError) else 422
    if isinstance(error, RefusedError) and error.reason in _REFUSED_BY_KEYD:
        return _with_retry_after(problem(_REFUSED_BY_KEYD[error.reason], error.reason, error.zh, error.en))
    if isinstance(error, RefusedError) and error.action:
        act = error.action.hex()
        zh, en = (
            f"请运行 waybillguard login --act {act}，然后重试",
            f"run waybillguard login --act {act} and try again",
        )
        return problem(403, error.reason, f"{error.zh}{zh}", f"{error.en} Then {en}.", action=act)
    if isinstance(error, TooManySearchesError):
        status = 429
    if error.code.startswith("keyd"):
        status = 503
    if isinstance(error, StillRunningError):
        response = problem(409, error.code, error.zh, error.en)
        response["Retry-After"] = "1"
        return response
    return _with_retry_after(problem(status, error.code, error.zh, error.en))


def _with_retry_after(response: HttpResponse) -> HttpResponse:
    """Add ``Retry-After`` to a 429. The value is a default: limits of keyd and of a shift have no fixed end."""
    if response.status_code == 429:  # noqa: PLR2004 - HTTP
        response["Retry-After"] = "60"
    return response


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def on_database(_request: HttpRequest, error: OperationalError | InterfaceError) -> HttpResponse:
    """Return 503 if the database is gone or refuses writes. Its message may quote a row: never show or log it."""
    logger.error("the database refused: %s", type(error).__name__)
    if is_full(error, settings.CONFIG.data_dir):
        return problem(503, "disk_full", *WORDS)
    refused = database_refused()
    return problem(503, refused.code, refused.zh, refused.en)


@api.exception_handler(DataError)
def on_unstorable(_request: HttpRequest, _error: DataError) -> HttpResponse:
    """Return 422 for a value that the database cannot store, such as a null character on PostgreSQL."""
    return problem(422)


@api.exception_handler(OSError)
def on_disk(_request: HttpRequest, error: OSError) -> HttpResponse:
    """Return 503 if the disk is full; re-raise any other ``OSError``."""
    if is_full(error, settings.CONFIG.data_dir):
        return problem(503, "disk_full", *WORDS)
    raise error


@api.exception_handler(Http404)
def on_missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """Return 404, both for missing objects and for those of another tenant."""
    return problem(404, "not_found", "没有这个对象", "there is no such thing")


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Return 422 with the names of invalid fields, never their values; 403 if the upload was refused."""
    if getattr(request, "upload_refused", False):
        return problem(403)
    return problem(422, fields=sorted({".".join(str(part) for part in one["loc"]) for one in error.errors}))


@api.exception_handler(Throttled)
def on_throttled(_request: HttpRequest, error: Throttled) -> HttpResponse:
    """Return 429 with the number of seconds to wait."""
    response = problem(429)
    if error.wait:
        response["Retry-After"] = str(int(error.wait) + 1)
    return response


@api.exception_handler(HttpError)
def on_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Return errors raised by ninja itself (invalid JSON, missing token) as a problem document."""
    return problem(error.status_code)


@router.post("/login", auth=None, throttle=[AddressRate("login", "20/m")], response=LoginOut)
def login(request: HttpRequest, body: LoginIn) -> dict[str, Any]:
    """Sign in to the CLI with user name, password and a one-time code (or recovery code)."""
    ask_both_at_once(request)
    # allauth rate-limits wrong passwords by IP address and name, and wrong codes by person.
    try:
        user = get_adapter().authenticate(request, username=body.username, password=body.password)
        if not isinstance(user, User) or user.tenant is None:
            raise _sign_in_refused()
        forget_tries = check_rate_limit(user)
    except DjangoValidationError:  # too many failed attempts
        raise Throttled(wait=60) from None
    confirmed = confirm(user, body.code, bytes.fromhex(body.act))
    if confirmed is None:
        failed(user)
        raise _sign_in_refused()
    forget_tries()
    if user.shared:
        raise shared_account_error()
    now = timezone.now()
    secret, token = ShellToken.issue(user, body.label[:80], now)
    keyd().call(
        messages.Record(
            context=context_of(user, purpose="shell"), kind="sign_in", detail={"token": token.pk}
        ),
        messages.Recorded,
    )
    record(user.tenant, "login", user=user, purpose="shell")
    return {
        "token": with_grant(secret, confirmed[1]),
        "expires_at": token.expires_at,
        "user": str(user),
        "tenant": user.tenant.slug,
    }


def _sign_in_refused() -> SignInError:
    return SignInError(
        zh="登录名、密码或动态验证码不正确。首次使用请先在浏览器完成设置。",
        en="sign-in name, password or code is wrong. The first time, set up your sign-in in the browser.",
    )


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> dict[str, Any]:
    """Tell who the token belongs to, until when, and what an interface key may do."""
    user, token = person_of(request), request.auth  # type: ignore[attr-defined]  # set by ninja
    tenant = tenant_of(user)
    key = token if isinstance(token, MachineKey) else None
    return {
        "user": str(user), "tenant": tenant.slug, "role": user.role, "expires_at": token.expires_at,
        "key": key.name if key else "", "scopes": key.scopes if key else [],
    }  # fmt: skip


@router.post("/logout", response={204: None})
def logout(request: HttpRequest) -> Status[None]:
    """End this token."""
    user, token = person_of(request), request.auth  # type: ignore[attr-defined]  # set by ninja
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
    return 202, services.start_import(person_of(request), file, password)  # type: ignore[arg-type]  # our handler's class


@router.get("/imports/{import_id}", response=ImportOut)
def get_import(request: HttpRequest, import_id: int) -> Batch:
    """Tell where an import stands."""
    return as_it_stands(_import(request, import_id))


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
    return services.commit_import(person_of(request), _import(request, import_id))


@router.post("/imports/{import_id}/undo", response=ImportOut)
def undo_import(request: HttpRequest, import_id: int) -> Batch:
    """Take an import out again."""
    return services.undo_import(person_of(request), _import(request, import_id))


@router.get("/orders", response=OrderPageOut)
def list_orders(
    request: HttpRequest,
    state: OrderState | Literal[""] = "",
    shop: Annotated[str, Query(max_length=80)] = "",
    lane: Lane | Literal[""] = "",
    printed: Literal["", "yes", "no"] = "",
    cursor: Annotated[str, Query(pattern="^([<>][0-9]{1,18})?$")] = "",
) -> dict[str, Any]:
    """List masked orders, newest first."""
    user = person_of(request)
    if not user.may(Permission.VIEW):
        raise refuse(user, "view")
    filters = listing.OrderFilters(state=state, shop=shop, lane=lane, printed=printed)
    page = listing.list_orders(tenant_of(user), filters, cursor)
    if page.orders:
        record(tenant_of(user), "view", user=user, purpose="list")
    return {
        "orders": [order_out(order) for order in page.orders],
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
    }


@router.get("/orders/{order_id}/looks", response=list[LookOut])
def order_looks(request: HttpRequest, order_id: int) -> list[dict[str, Any]]:
    """List every look at an order, oldest first; the asking is itself recorded."""
    user = person_of(request)
    if not user.may(Permission.LEDGER):
        raise not_allowed()
    order = get_object_or_404(listing.visible(tenant_of(user)), pk=order_id)
    return looks_of(user, bytes(order.uid))


@router.post("/orders/search", response=SearchOut, throttle=[Rate("search", "60/m")])
def search_orders(request: HttpRequest, body: SearchIn) -> dict[str, Any]:
    """Find orders by number, full phone, last four digits within a day, or a piece of name or address."""
    also = [(term.kind, term.value) for term in body.also]
    result = search.search_orders(
        person_of(request), body.kind, body.value, shop=body.shop, day=body.day, also=also
    )
    return {
        "orders": [order_out(order) for order in result.orders],
        "truncated": result.truncated,
        "tested": result.tested,
        "indexing": result.indexing,
    }


def _import(request: HttpRequest, import_id: int) -> Batch:
    user = person_of(request)
    if not user.may(Permission.IMPORT):
        raise not_allowed()
    return get_object_or_404(Batch.objects.filter(tenant=tenant_of(user)), pk=import_id)


@router.get("/openapi.json", response=dict[str, Any])
def openapi(request: HttpRequest) -> dict[str, Any]:
    """Describe this API (OpenAPI 3.1)."""
    del request
    return described(dict(api.get_openapi_schema(path_prefix="/api/v1")))


api.add_router("", router)
api.add_router("", run_router)
api.add_router("", vault_router)
for _name in settings.APPLICATIONS:
    if not _name.endswith(".web") and find_spec(f"{_name}.api"):
        for _router in import_module(f"{_name}.api").ROUTERS:
            api.add_router("", _router)
