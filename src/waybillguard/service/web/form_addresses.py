"""Addresses that only a button asks: whoever opens one by itself is led to the page the button stands on."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from waybillguard.service.platform.navigation import entries


class FormAddressMiddleware:
    """Puts a page where Django answers a bare 405, for people alone: interfaces keep theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with a way on where there was none."""
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
    """Return the address of the page in the menu that an address belongs to; the home page where none does."""
    entry = next((entry for entry in entries() if view_name in entry.every_page()), None)
    tab = next((tab for tab in entry.tabs if view_name in tab.pages), None) if entry else None
    return reverse(tab.name if tab else entry.name if entry else "home")
