"""Strict validation of API calls: an unknown parameter, form field or body is refused before the operation runs.

Schemas already refuse unknown fields of JSON bodies (`platform.schemas.Body`). This module checks what ninja ignores:
query strings, forms, files, and bodies of operations that take none.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from ninja.operation import Operation

from waybillguard.service.platform.problems import problem

_FORMS: Final = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


def strictly[Run: Callable[..., HttpResponseBase]](run: Run) -> Run:
    """Add strict validation to an operation. A ninja decorator of the mode ``view``, which receives ``Operation.run``.

    Validation runs after authentication and rate limits, so that it reveals nothing to unauthenticated callers.
    """
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    act = operation.view_func

    @wraps(act)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> Any:  # noqa: ANN401
        places = sorted(_undescribed(operation, request))
        return problem(422, fields=places) if places else act(request, *args, **values)

    operation.view_func = guarded
    return run


def _undescribed(operation: Operation, request: HttpRequest) -> Iterator[str]:
    """Yield the names of inputs that the operation does not accept, or that were sent more than once."""
    known: dict[str, set[str]] = {}
    for model in operation.models:
        source = model.__ninja_param_source__ or ""
        names = getattr(model, "__ninja_flatten_map__", None) or model.model_fields
        known[source] = set(names)
    yield from _unexpected("query", request.GET, known.get("query", set()))
    if "body" in known or "requestBody" in (operation.openapi_extra or {}):
        return  # validated strictly by its schema
    if request.content_type in _FORMS:
        yield from _unexpected("form", request.POST, known.get("form", set()))
        yield from _unexpected("file", request.FILES, known.get("file", set()))
    elif request.body.strip() not in {b"", b"{}"}:
        yield "body"


def _unexpected(source: str, sent: QueryDict | MultiValueDict[str, Any], known: set[str]) -> Iterator[str]:
    for name, values in sent.lists():
        if name not in known or len(values) > 1:
            yield f"{source}.{name}"
