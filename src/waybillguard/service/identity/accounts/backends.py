"""The authentication backend; it loads a session's user together with the tenant in one query."""

from typing import Final

from allauth.account.auth_backends import AuthenticationBackend

from waybillguard.service.identity.models import User
from waybillguard.service.platform.database.raw_sql import Rows

_PERSON: Final = Rows(User, "WHERE identity_user.id = %s", beside=("tenant",), before_scope=True)


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc] # allauth is untyped
    """Authenticates by name and password; sessions of inactive users are invalid."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user with the tenant, else None."""
        user = _PERSON.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
