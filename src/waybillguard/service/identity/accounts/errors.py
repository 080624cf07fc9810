"""Errors about people and accounts; no message names a person."""

from waybillguard.errors import WaybillGuardError


class PeopleError(WaybillGuardError):
    """Base class of errors about people and their accounts."""

    code = "people"


class LastOwnerError(PeopleError):
    """No person would be left who may administer the warehouse."""

    code = "last_owner"


class NotNowError(PeopleError):
    """The account is in a state that does not allow this."""

    code = "not_now"


def last_owner() -> LastOwnerError:
    """Make the error for the last owner."""
    return LastOwnerError(
        zh="这是最后一位负责人，其权限未终止。请先增加另一位负责人。",
        en="this is the last owner; the access was not ended. Add another owner first.",
    )


def not_to_be_woken() -> NotNowError:
    """Make the error for an account that is active, or whose employment has ended."""
    return NotNowError(
        zh="该账号正常，或其用工期已结束。如重新入职，请先填写新的用工期。",
        en="the account is awake, or its employment is over. If the person is back, enter the new period first.",
    )


def own_role() -> NotNowError:
    """Make the error for changing one's own role."""
    return NotNowError(
        zh="不能更改自己的角色，请另一位负责人处理。角色未更改。",
        en="nobody changes his own role; ask another owner. The role stays.",
    )


def role_of_directory() -> NotNowError:
    """Make the error for a person whose role is set by the directory."""
    return NotNowError(
        zh="此人的角色由集团目录中的组决定，请在目录中更改。角色未更改。",
        en="the groups of the directory give this person the role; change it there. The role stays.",
    )


def shared_owner() -> NotNowError:
    """Make the error for giving administration to a shared account."""
    return NotNowError(
        zh="共用账号不能成为负责人。角色未更改。",
        en="an account that several people use cannot administer. The role stays.",
    )
