"""allauth's adapter for social accounts: its protocols are used, its accounts are not."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Use only the provider set on the request; create, match and fetch nothing."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Return False: the owner adds people."""
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: object) -> None:
        """Refuse allauth's own sign-in: only an (issuer, subject) linked here signs a person in.

        Raises:
            PermissionDenied: always.
        """
        del request, sociallogin
        raise PermissionDenied

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:  # noqa: ANN401
        """Return the provider that a view has set on the request."""
        del provider, client_id
        return request.sso_provider  # type: ignore[attr-defined]

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """Return an empty list: providers are in a table of our own."""
        del request, provider, client_id
        return []

    def get_requests_session(self) -> Any:  # noqa: ANN401
        """Return the guarded fetcher for the provider's host.

        Raises:
            PermissionDenied: no view has created a fetcher, so nothing may be fetched.
        """
        fetcher = getattr(self.request, "sso_fetcher", None)
        if fetcher is None:
            raise PermissionDenied
        return fetcher
