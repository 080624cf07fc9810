"""Errors of contracts. Messages never name a person, a merchant or an order; a merchant is given by number."""

from waybillguard.errors import WaybillGuardError


class EntrustmentError(WaybillGuardError):
    """The contract cannot be saved or ended in this way; nothing was changed."""

    code = "entrustment"


def state_changed() -> EntrustmentError:
    """Build the error for an action on a state that has changed."""
    return EntrustmentError(
        code="entrustment_not_now",
        zh="该合同或终止申请的状态已改变，未作更改。请刷新页面查看。",
        en="the contract or its end has moved on; nothing was changed. Load the page again.",
    )


def changed_meanwhile() -> EntrustmentError:
    """Build the error for a form that was based on an older version."""
    return EntrustmentError(
        code="entrustment_not_now",
        zh="在您填写期间合同已有新版本，未保存。请查看新版本后再修改。",
        en="there is a newer version of the contract since you opened the form; nothing was saved. Look at it first.",
    )


def one_already(merchant: int) -> EntrustmentError:
    """Build the error for a second contract while one is not closed."""
    return EntrustmentError(
        zh=f"商家 {merchant} 已有未结清的合同；续签请在该合同中保存新版本。",
        en=f"merchant {merchant} has a contract that is not closed; renew it by a new version of that one.",
    )


def own_proposal() -> EntrustmentError:
    """Build the error for agreeing to one's own proposal."""
    return EntrustmentError(
        code="entrustment_denied",
        zh="不能同意自己提出的终止；须由另一名负责人或主管同意。",
        en="nobody agrees to an end that he proposed; another owner or supervisor does.",
    )


def not_your_role() -> EntrustmentError:
    """Build the error for a role that may not change or end contracts."""
    return EntrustmentError(code="entrustment_denied",
        zh="您的角色不能进行此操作。", en="your role does not do this."
    )  # fmt: skip
