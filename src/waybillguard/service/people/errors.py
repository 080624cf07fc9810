"""Errors around people. None of them names anybody."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class PeopleError(WaybillGuardError):
    """Base of what can go wrong around people and their accounts."""

    code: ClassVar[str] = "people"


class LastOwnerError(PeopleError):
    """Nobody would be left who may administer the warehouse."""

    code: ClassVar[str] = "last_owner"


class NotNowError(PeopleError):
    """The account is in a state that does not allow this."""

    code: ClassVar[str] = "not_now"
