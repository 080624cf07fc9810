"""How a session becomes a person: together with the tenant, in one question to the database."""

from typing import Final

from allauth.account.auth_backends import AuthenticationBackend

from waybillguard.service.identity.models import User
from waybillguard.service.platform.database.raw_sql import Rows

_PERSON: Final = Rows(User, "WHERE identity_user.id = %s", beside=("tenant",), before_scope=True)


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc] # allauth is untyped
    """Signs in by name and password; whoever is not active has no session."""

    def get_user(self, user_id: int) -> User | None:
        """Return an active person with the tenant, else None."""
        user = _PERSON.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
