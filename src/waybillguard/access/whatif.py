"""Checks before policies are activated: which decisions would change, and do all examples still pass?

``what_if`` replays recorded requests against two books. ``failed_examples`` checks a book against examples, which
are data: the package's examples must pass in every warehouse, and an owner may add more.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import msgspec

from waybillguard.access.decision import Decision
from waybillguard.access.errors import AccessError, RecordedRequestError
from waybillguard.access.policybook import PolicyBook
from waybillguard.access.request import Request
from waybillguard.access.settings import SETTINGS_FILE, Settings, render
from waybillguard.access.vocabulary import data_text


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded request whose decision would change; ``number`` counts the requests from 0."""

    number: int
    action: str
    role: str
    before: Decision
    after: Decision


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The result of ``what_if``: the number of replayed requests, and the changed decisions in order.

    ``now_allowed`` and ``now_denied`` count the changes by action. ``by_policy`` counts them by the policy that would
    deny, or that denied before.
    """

    requests: int
    changes: tuple[Change, ...]
    now_allowed: Mapping[str, int]
    now_denied: Mapping[str, int]
    by_policy: Mapping[str, int]


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request and its expected decision; ``by``, if given, must be among the deciding policies."""

    name: str
    zh: str
    request: Request
    allowed: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that a book decides wrongly."""

    name: str
    zh: str
    expected: bool
    by: str
    decision: Decision


def book_of(settings: Settings, own: Mapping[str, str] | None = None) -> PolicyBook:
    """Return the book of the fixed rules, the form, and the owner's own policy texts.

    Raises:
        PolicyTextError: as ``PolicyBook.load``.
        AccessError (policy_invalid): as ``PolicyBook.load``.
    """
    return PolicyBook.load({SETTINGS_FILE: render(settings)} | dict(own or {}))


def what_if(
    before: PolicyBook,
    after: PolicyBook,
    requests: Iterable[Request],
    then: Callable[[Request], Request] | None = None,
) -> WhatIf:
    """Decide recorded requests with both books and return the decisions that would change.

    A request that stays denied by other policies is no change. ``then`` adapts a request to other changes that are
    activated together with ``after``, such as new shifts.
    """
    changes: list[Change] = []
    allowed: Counter[str] = Counter()
    denied: Counter[str] = Counter()
    policies: Counter[str] = Counter()
    number = -1
    for number, request in enumerate(requests):
        old, new = before.decide(request), after.decide(request if then is None else then(request))
        if old.allowed == new.allowed:
            continue
        changes.append(Change(number, request.action, request.person.role, old, new))
        (allowed if new.allowed else denied)[request.action] += 1
        policies.update((old if new.allowed else new).policies or ("no-permit",))
    return WhatIf(number + 1, tuple(changes), dict(allowed), dict(denied), dict(policies))


def failed_examples(book: PolicyBook, examples: Iterable[Example]) -> tuple[Failure, ...]:
    """Return the examples that the book decides wrongly."""
    found: list[Failure] = []
    for example in examples:
        decision = book.decide(example.request)
        if decision.allowed != example.allowed or (example.by and example.by not in decision.policies):
            found.append(Failure(example.name, example.zh, example.allowed, example.by, decision))
    return tuple(found)


def check_before_activation(book: PolicyBook, own: Iterable[Example] = ()) -> None:
    """Refuse a book that decides one of the package's or the owner's examples wrongly.

    Raises:
        AccessError (policy_examples): some examples fail; the message names the first ones and their number.
    """
    failures = failed_examples(book, (*package_examples(), *own))
    if not failures:
        return
    names = ", ".join(failure.name[:60] for failure in failures[:5])
    raise AccessError(
        code="policy_examples",
        zh=f"新规则未启用：{len(failures)} 个示例结果不符（{names}）。现行规则不变；请修改规则或核对示例。",
        en=f"the new policies were not activated: {len(failures)} examples are decided wrongly ({names}). The "
        "policies in force stay; change the policies or check the examples.",
    )


@cache
def package_examples() -> tuple[Example, ...]:
    """Return the package's examples, which must pass under any settings."""
    return read_examples(data_text("examples.json"))


def read_examples(text: str) -> tuple[Example, ...]:
    """Parse examples from JSON: a ``base`` request, and cases that list their differences from it.

    Raises:
        RecordedRequestError: a case is invalid; the message names it.
    """
    try:
        raw = json.loads(text)
        base, cases = dict(raw["base"]), list(raw["cases"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _unreadable("?") from None
    return tuple(_example(base, case) for case in cases)


def _example(base: dict[str, object], case: object) -> Example:
    if not isinstance(case, dict):
        raise _unreadable("?")
    name = str(case.get("name", "?"))[:60]
    values = {key: value for key, value in case.items() if key != "change"}
    try:
        values["request"] = _merged(base, case.get("change", {}))
        example = msgspec.convert(values, Example)
    except (msgspec.ValidationError, TypeError, AttributeError):
        raise _unreadable(name) from None
    if example.request.at.tzinfo is None:
        raise _unreadable(name)
    return example


def _merged(base: dict[str, object], change: Mapping[str, object]) -> dict[str, object]:
    """Return the base merged with the changes, one level deep; null removes a part."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _unreadable(name: str) -> RecordedRequestError:
    return RecordedRequestError(
        zh=f"规则示例 {name!a} 无法读取。未启用新规则；请核对字段名称与类型。",
        en=f"the policy example {name!a} cannot be read. The new policies were not activated; check the names "
        "and types of its fields.",
    )
