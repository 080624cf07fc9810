"""The endpoint ``/scim/v2/``: requests of a directory, authenticated by a bearer token of one warehouse."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    ListResponse,
    NotFoundException,
    NotImplementedException,
    PatchOp,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
    SearchRequest,
)

from waybillguard.service.identity.models import DirectoryToken, token_hash
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.people.scim import store
from waybillguard.service.people.scim.resources import CONFIG, MOST_LISTED, PROVIDER, Group, User
from waybillguard.service.platform.limits import client_address, over_limit
from waybillguard.service.tenancy.models import Tenant

A_MINUTE: Final = 1_200
WRONG_A_MINUTE: Final = 30
MOST_BYTES: Final = 1024 * 1024

type Answer = tuple[int, str, str]
"""Status, JSON, location."""


def endpoint(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer a request of a directory."""
    if over_limit("scim-asks", client_address(request), limit=A_MINUTE, seconds=60):
        return _problem(429, "too many requests; come back in a minute")
    tenant = _tenant(request)
    if tenant is None:
        status = (
            429
            if over_limit("scim-wrong", client_address(request), limit=WRONG_A_MINUTE, seconds=60)
            else 401
        )
        return _problem(status, "a living bearer token of a warehouse is needed")
    base = request.build_absolute_uri("/scim/v2")
    with scope(tenant=tenant):
        try:
            status, text, location = _dispatch(
                request, tenant, [part for part in rest.split("/") if part], base
            )
        except SCIMException as error:
            return _answer(*_error(error.to_error()))
        except ValidationError as error:
            return _answer(*_error(Error.from_validation_errors(error)[0]))
        except KeydError:
            return _problem(503, "the ledger does not write, so nothing was changed")
    return _answer(status, text, location)


def _tenant(request: HttpRequest) -> Tenant | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        return None
    with scopes_disabled():
        rows = DirectoryToken.objects.filter(secret_hash=token_hash(secret.strip()), revoked_at=None)
        token = rows.select_related("tenant", "made_by").first()
        if token is None or not token.made_by.is_active:
            return None
        rows.update(used_at=timezone.now())
    return token.tenant


def _dispatch(request: HttpRequest, tenant: Tenant, path: list[str], base: str) -> Answer:
    kind = {"Users": _PEOPLE, "Groups": _GROUPS}.get(path[0] if path else "")
    match path:
        case [".search"] if request.method == "POST":
            return _listed(request, User | Group, store.people(tenant, base) + store.groups(tenant, base))
        case ["ServiceProviderConfig"]:
            return _only_get(request) or _one(CONFIG)
        case ["ResourceTypes", *rest]:
            return _only_get(request) or _described(list(PROVIDER.resource_types), rest)
        case ["Schemas", *rest]:
            return _only_get(request) or _described(list(PROVIDER.schemas), rest)
        case [_] | [_, ".search"] if kind is not None:
            return _collection(request, tenant, kind, search=len(path) > 1, base=base)
        case [_, key] if kind is not None:
            return _single(request, tenant, kind, key, base)
    raise NotFoundException(detail="there is nothing at this address")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Functions of the store that list, read, make, change and remove one kind of resource."""

    model: Any
    listed: Callable[[Tenant, str], list[Any]]
    read: Callable[[Tenant, str, str], Any]
    make: Callable[[Tenant, Any, str], Any]
    change: Callable[[Tenant, str, Any, str], Any]
    remove: Callable[[Tenant, str], None]


_PEOPLE: Final = _Kind(User, store.people, store.person, store.add, store.change, store.remove)
_GROUPS: Final = _Kind(
    Group, store.groups, store.group, store.make_group, store.change_group, store.remove_group
)


def _collection(request: HttpRequest, tenant: Tenant, kind: _Kind, *, search: bool, base: str) -> Answer:
    if request.method == ("POST" if search else "GET"):
        return _listed(request, kind.model, kind.listed(tenant, base))
    if request.method == "POST":
        given = _read(request, kind.model, Context.RESOURCE_CREATION_REQUEST)
        return _made(kind.make(tenant, given, base))
    raise NotImplementedException(detail="this is not offered here")


def _single(request: HttpRequest, tenant: Tenant, kind: _Kind, key: str, base: str) -> Answer:
    asked = _asked(request, kind.model)
    if request.method == "DELETE":
        kind.remove(tenant, key)
        return 204, "", ""
    stands = kind.read(tenant, key, base)
    if request.method == "GET":
        return _one(stands, asked)
    if request.method == "PUT":
        given = _read(request, kind.model, Context.RESOURCE_REPLACEMENT_REQUEST)
        given.replace(stands)
        return _one(kind.change(tenant, key, given, base), asked, Context.RESOURCE_REPLACEMENT_RESPONSE)
    if request.method == "PATCH":
        _read(request, PatchOp.__class_getitem__(kind.model), Context.RESOURCE_PATCH_REQUEST).patch(stands)
        return _one(kind.change(tenant, key, stands, base), asked, Context.RESOURCE_PATCH_RESPONSE)
    raise NotImplementedException(detail="this is not offered here")


def _read(request: HttpRequest, model: Any, context: Context) -> Any:  # noqa: ANN401 - of the model given
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise InvalidSyntaxException(detail="the request is larger than a megabyte")
    return model.model_validate_json(request.body, scim_ctx=context, scim_provider=PROVIDER)


def _asked(request: HttpRequest, model: Any) -> Any:  # noqa: ANN401 - of the model given
    names = ("attributes", "excludedAttributes")
    given = {name: request.GET[name] for name in names if name in request.GET}
    return ResponseParameters[model].model_validate(given)


def _listed(request: HttpRequest, model: Any, found: list[Any]) -> Answer:  # noqa: ANN401
    if request.method == "POST":
        asked = _read(request, SearchRequest[model], Context.SEARCH_REQUEST)
    else:
        asked = SearchRequest[model].model_validate(request.GET.dict(), scim_provider=PROVIDER)
    if asked.filter is not None:
        found = [one for one in found if asked.filter.match(one)]
    if asked.sort_by is not None:
        found = asked.sort(found)
    start = asked.start_index_0 or 0
    count = MOST_LISTED if asked.count is None else min(asked.count, MOST_LISTED)
    page = found[start : start + count]
    answer = ListResponse[model](
        total_results=len(found), items_per_page=len(page), start_index=start + 1, resources=page
    )
    text = answer.model_dump_json(
        scim_ctx=Context.SEARCH_RESPONSE, response_parameters=asked, scim_provider=PROVIDER
    )
    return 200, text, ""


def _described(found: list[Any], rest: list[str]) -> Answer:
    if rest:
        one = next((one for one in found if str(one.id) == "/".join(rest)), None)
        if one is None:
            raise NotFoundException(detail="there is nothing at this address")
        return _one(one)
    model = ResourceType if found and isinstance(found[0], ResourceType) else Schema
    answer = ListResponse[model](  # type: ignore[valid-type]
        total_results=len(found), items_per_page=len(found), start_index=1, resources=found
    )
    return 200, answer.model_dump_json(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), ""


def _only_get(request: HttpRequest) -> Answer | None:
    return None if request.method == "GET" else _error(Error(status=405, detail="this address is read only"))


def _one(
    resource: Any,  # noqa: ANN401 - any resource
    asked: Any = None,  # noqa: ANN401
    context: Context = Context.RESOURCE_QUERY_RESPONSE,
) -> Answer:
    text = resource.model_dump_json(scim_ctx=context, response_parameters=asked, scim_provider=PROVIDER)
    return 200, text, ""


def _made(resource: Any) -> Answer:  # noqa: ANN401
    text = resource.model_dump_json(scim_ctx=Context.RESOURCE_CREATION_RESPONSE, scim_provider=PROVIDER)
    return 201, text, str(resource.meta.location)


def _error(error: Error) -> Answer:
    return error.status or 400, error.model_dump_json(), ""


def _problem(status: int, detail: str) -> HttpResponse:
    return _answer(*_error(Error(status=status, detail=detail)))


def _answer(status: int, text: str, location: str) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="application/scim+json")
    response["Cache-Control"] = "no-store"
    if location:
        response["Location"] = location
    if status == 401:  # noqa: PLR2004
        response["WWW-Authenticate"] = "Bearer"
    return response
