"""The decision on a request: allowed or denied, the deciding policies, and the reasons."""

from typing import Final, NamedTuple


class Reason(NamedTuple):
    """A reason: the id of a policy (or of a condition without policy) and its text."""

    code: str
    zh: str
    en: str


class Decision(NamedTuple):
    """One decision.

    ``policies`` are the ids of the deciding policies: the applicable forbids, or else the permits. ``reasons`` holds
    their texts; a denial always has at least one. ``errors`` lists policies that could not be evaluated; any
    error denies. ``version`` is the version of the policy book, for the ledger entry.
    """

    allowed: bool
    policies: tuple[str, ...]
    reasons: tuple[Reason, ...]
    errors: tuple[str, ...]
    version: str

    def words(self, language: str) -> str:
        """Return the reasons as one line in the language with a tag such as ``zh-hans`` or ``en``."""
        if language.lower().startswith("zh"):
            return "；".join(reason.zh for reason in self.reasons)
        return "; ".join(reason.en for reason in self.reasons)


NO_PERMIT: Final = Reason("no-permit", "没有权限规则允许这样做", "no policy allows this")
UNKNOWN_ACTION: Final = Reason("unknown-action", "未知的操作", "an unknown action")
BAD_REQUEST: Final = Reason(
    "bad-request", "请求缺少必要信息或信息有误", "the request lacks a fact or states a wrong one"
)
POLICY_ERROR: Final = Reason(
    "policy-error",
    "有权限规则无法计算，按不允许处理；请负责人检查规则",
    "a policy could not be evaluated, so the answer is no; ask the owner to check the policies",
)
