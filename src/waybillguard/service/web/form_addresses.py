"""URLs that only accept a form submission: opening one directly shows a link to the page with the form."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from waybillguard.service.platform.navigation import entries


class FormAddressMiddleware:
    """Replaces Django's empty 405 response to a GET with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, or a page with a link to the form if it is a 405."""
        response = self.get_response(request)
        match = request.resolver_match
        if not isinstance(response, HttpResponseNotAllowed) or request.method != "GET" or match is None:
            return response
        page = render(
            request, "405.html", {"parent": parent_of(match.view_name)}, status=HTTPStatus.METHOD_NOT_ALLOWED
        )
        page["Allow"] = response["Allow"]
        return page


def parent_of(view_name: str) -> str:
    """Return the URL of the menu page that a view belongs to; the home page if none."""
    entry = next((entry for entry in entries() if view_name in entry.every_page()), None)
    tab = next((tab for tab in entry.tabs if view_name in tab.pages), None) if entry else None
    return reverse(tab.name if tab else entry.name if entry else "home")
