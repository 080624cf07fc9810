"""Rules over facts: fact, operator, value."""

from collections.abc import Iterable, Mapping
from operator import eq, ge, le, lt
from typing import Any, Final

from waybillguard.inspect.model import Condition, Fact, FactKind

_COMPARE: Final[Mapping[str, Any]] = {"eq": eq, "lt": lt, "le": le, "ge": ge}
PARTS_ZH: Final = {
    "seal": "加密保管", "access": "权限管理", "detect": "窃取检测", "sensor": "打印电脑扫描", "trace": "溯源",
    "scam": "防骗核对",
}  # fmt: skip
"""Parts of the installation that can report (fact `parts_reporting`)."""
_SIGNS: Final = {"eq": "=", "lt": "<", "le": "≤", "ge": "≥"}
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "count": (int,),
    "number": (int, float),
    "share": (int, float),
    "flag": (bool,),
    "text": (str,),
    "names": (tuple, list),
}


def facts_of(conditions: Iterable[Condition]) -> set[str]:
    """Return the names of all facts that the conditions use."""
    conditions = tuple(conditions)
    others = {str(one.value) for one in conditions if one.operator.endswith("_fact")}
    return {one.fact for one in conditions} | others


def fits(kind: FactKind, value: Fact) -> bool:
    """Return whether a value has the fact's type: a count is an integer from 0, a flag is true or false."""
    if isinstance(value, bool) != (kind.type == "flag") or not isinstance(value, _TYPES[kind.type]):
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0 <= value < float("inf") and (kind.type != "share" or value <= 1)
    return True


def holds(condition: Condition, facts: Mapping[str, Fact]) -> bool:
    """Return whether a condition holds. All facts it uses must be present."""
    have: Any = facts[condition.fact]
    if condition.operator == "has_all":
        return isinstance(condition.value, tuple) and set(condition.value) <= set(have)
    if condition.operator == "in":
        return isinstance(condition.value, tuple) and have in condition.value
    name = condition.operator.removesuffix("_fact")
    want = facts[str(condition.value)] if name != condition.operator else condition.value
    return bool(_COMPARE[name](have, want))


def words(condition: Condition, facts: Mapping[str, Fact], kinds: Mapping[str, FactKind]) -> tuple[str, str]:
    """Describe actual and required value of a condition in Chinese and English: ``未说明的重打：3，要求 = 0``."""
    kind, have = kinds[condition.fact], facts[condition.fact]
    if condition.operator in {"in", "has_all"} and isinstance(condition.value, tuple):
        wanted = condition.value
        if condition.operator == "has_all" and isinstance(have, tuple | list):
            lacking = [name for name in wanted if name not in have]
            parts = "、".join(PARTS_ZH.get(name, name) for name in lacking)
            return f"{kind.zh}：缺少{parts}", f"{kind.en}: lacks {', '.join(lacking)}"
        return f"{kind.zh}：{have}，应为 {'/'.join(wanted)}", f"{kind.en}: {have}, wanted {'/'.join(wanted)}"
    if isinstance(have, bool):
        no_zh, no_en = ("是", "yes") if have else ("否", "no")
        return f"{kind.zh}：{no_zh}", f"{kind.en}: {no_en}"
    name = condition.operator.removesuffix("_fact")
    want = facts[str(condition.value)] if name != condition.operator else condition.value
    sign = _SIGNS[name]
    found, wants = amount(kind.type, have), amount(kind.type, want)
    if kind.never is not None and isinstance(have, int | float) and have >= kind.never:
        return f"{kind.zh}：从未执行，要求 {sign} {wants}", f"{kind.en}: never, wanted {sign} {wants}"
    return f"{kind.zh}：{found}，要求 {sign} {wants}", f"{kind.en}: {found}, wanted {sign} {wants}"


def amount(kind: str, value: Fact) -> str:
    """Format a number: shares in per cent, no trailing zeros."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{100 * value:.3g}%" if kind == "share" else f"{value:.1f}".removesuffix(".0")
