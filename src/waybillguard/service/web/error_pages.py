"""Error pages in both languages."""

import sys

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from waybillguard.service.platform.disk import WORDS, is_full
from waybillguard.service.web.api.routes import on_database


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 400 page."""
    del exception
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 403 page, with the reason if our own code refused access."""
    why = str(exception) if type(exception) is PermissionDenied else ""
    return render(request, "403.html", {"why": why}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 404 page."""
    del exception
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Return the 500 page. It reveals no details and needs neither database nor sign-in.

    Return 503 if the disk is full, or for an API call that the database refused before the API handled it. Return 400
    for a value that the database cannot store, such as a null character on PostgreSQL.
    """
    error = sys.exc_info()[1]
    if isinstance(error, DataError):
        return render(request, "400.html", {"bare": True}, status=400)
    if isinstance(error, OperationalError | InterfaceError) and request.path.startswith("/api/"):
        return on_database(request, error)
    if is_full(error, settings.CONFIG.data_dir):
        if (
            request.headers.get("X-Requested-With") == "XMLHttpRequest"
        ):  # an upload: its page shows the message
            chinese = (get_language() or "zh").startswith("zh")
            return JsonResponse({"problem": WORDS[not chinese]}, status=503)
        return render(request, "disk_full.html", {"bare": True}, status=503)
    return render(request, "500.html", {"bare": True}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the 403 page for an expired form (``settings.CSRF_FAILURE_VIEW``)."""
    del reason
    return render(request, "403_csrf.html", status=403)
