"""Parse policy texts, after checking them against size limits.

Cedar's parser and its typed tree recurse on the native stack, so a deeply nested text can crash the whole process.
Brackets, operators and lengths are therefore counted before parsing. The limits were measured on threads with
512 KiB of stack.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Final, Literal

import cedarpy
from cedarpy import pst

from waybillguard.access.errors import PolicyTextError

MAX_TEXT: Final = 256 * 1024
MAX_POLICIES: Final = 1_000
MAX_DEPTH: Final = 10
MAX_CHAIN: Final = 64
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_MAX_ID, _MAX_REASON = 60, 200
_TOKENS: Final = re.compile(
    r"(?P<skip>//[^\n]*|\"(?:\\.|[^\"\\])*\")"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>;)"
    r"|(?P<chain>&&|\|\||[!.+\-*<>]|==|\b(?:if|then|else|in|has|like|is)\b)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: its id, its texts for users, and its scope.

    ``actions`` and ``role`` are None if the scope does not restrict them. ``reads_context`` is False for a policy
    whose outcome depends only on person, action and tenant.
    """

    id: str
    effect: Literal["permit", "forbid"]
    zh: str
    en: str
    file: str
    actions: frozenset[str] | None
    role: str | None
    reads_context: bool
    tree: pst.Template

    def concerns(self, action: str, role: str) -> bool:
        """Return whether the scope matches this action and role; a policy that does not match never applies."""
        return (self.actions is None or action in self.actions) and (self.role is None or self.role == role)


def read_policies(texts: Mapping[str, str]) -> tuple[Policy, ...]:
    """Return the policies of several files, in the order of the files.

    Each policy must have ``@id``, ``@zh`` and ``@en``; ids must be unique over all files; templates are refused.

    Raises:
        PolicyTextError: a text is invalid; the message names the file, and the policy if known.
    """
    found: dict[str, Policy] = {}
    for file, text in texts.items():
        guard_text(file, text)
        try:
            tree = cedarpy.PolicySet.from_str(text).to_pst()
        except (ValueError, UnicodeError) as error:
            raise _refuse(file, f"语法有误（{_clip(error)}）", f"syntax: {_clip(error)}") from None
        if tree.templates:
            raise _refuse(file, "含有带 ? 占位符的模板", "it holds a template with ? slots")
        for template in sorted(tree.static_policies.values(), key=_position):
            policy = _policy(file, template)
            if policy.id in found:
                raise _refuse(file, f"规则编号 {policy.id} 重复", f"the policy id {policy.id} is used twice")
            found[policy.id] = policy
    if len(found) > MAX_POLICIES:
        raise _refuse("*", f"规则超过 {MAX_POLICIES} 条", f"more than {MAX_POLICIES} policies")
    return tuple(found.values())


def guard_text(file: str, text: str) -> None:
    """Refuse a text that could exhaust the parser.

    Raises:
        PolicyTextError: too long, nested deeper than ``MAX_DEPTH`` brackets, or more than ``MAX_CHAIN``
            operators and dots in one policy.
    """
    if len(text) > MAX_TEXT:
        raise _refuse(file, f"超过 {MAX_TEXT} 个字符", f"longer than {MAX_TEXT} characters")
    depth = chain = policies = 0
    for token in _TOKENS.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "chain":
            chain += 1
        elif kind == "end" and depth == 0:
            chain = 0
            policies += 1
        if depth > MAX_DEPTH or chain > MAX_CHAIN or policies > MAX_POLICIES:
            raise _refuse(
                file,
                f"一条规则过于复杂（括号超过 {MAX_DEPTH} 层或运算超过 {MAX_CHAIN} 个），请拆成几条",
                f"a policy nests deeper than {MAX_DEPTH} brackets or has more than {MAX_CHAIN} operators; "
                "split it",
            )


def policy_set(policies: tuple[Policy, ...]) -> cedarpy.PolicySet:
    """Return these policies as a Cedar policy set, each under its own id."""
    return cedarpy.PolicySet.from_pst(
        pst.PolicySet(
            templates=pst.FrozenMap(),
            static_policies=pst.FrozenMap(
                {policy.id: replace(policy.tree, id=policy.id) for policy in policies}
            ),
            template_links=(),
        )
    )


def _policy(file: str, template: pst.Template) -> Policy:
    marks = template.annotations
    name = marks.get("id", "")
    if not _ID.match(name) or len(name) > _MAX_ID:
        raise _refuse(
            file,
            "有规则缺少 @id，或 @id 不是小写字母、数字和连字符",
            "a policy lacks @id, or its @id is not of lower-case letters, digits and hyphens",
        )
    zh, en = marks.get("zh", "").strip(), marks.get("en", "").strip()
    if not zh or not en or max(len(zh), len(en)) > _MAX_REASON or not (zh + en).isprintable():
        raise _refuse(
            file,
            f"规则 {name} 缺少理由 @zh 或 @en，或理由超过 {_MAX_REASON} 字",
            f"policy {name} lacks its reasons @zh and @en, or they exceed {_MAX_REASON} characters",
        )
    return Policy(
        name,
        template.effect,
        zh,
        en,
        file,
        _actions(template.action),
        _role(template.principal),
        _mentions_context(template.clauses),
        template,
    )


def _actions(scope: pst.ActionConstraint) -> frozenset[str] | None:
    if isinstance(scope, pst.ActionEq):
        return frozenset({scope.entity.id})
    if isinstance(scope, pst.ActionIn):
        return frozenset(entity.id for entity in scope.entities)
    return None


def _role(scope: pst.PrincipalOrResourceConstraint) -> str | None:
    if (
        isinstance(scope, (pst.ScopeIn, pst.ScopeIsIn))
        and isinstance(scope.entity, pst.EntityUid)
        and str(scope.entity.type) == "Role"
    ):
        return scope.entity.id
    return None


def _mentions_context(clauses: tuple[pst.Clause, ...]) -> bool:
    stack: list[object] = list(clauses)
    while stack:
        node = stack.pop()
        if isinstance(node, pst.Var) and node.name == "context":
            return True
        if isinstance(node, Mapping):
            stack.extend(node.values())
        elif isinstance(node, tuple):
            stack.extend(node)
        elif is_dataclass(node) and not isinstance(node, type):
            stack.extend(getattr(node, field.name) for field in fields(node))
    return False


def _position(template: pst.Template) -> tuple[int, str]:
    digits = template.id.removeprefix("policy")
    return (int(digits) if digits.isdecimal() else 0, template.id)


def _clip(error: Exception) -> str:
    text = " ".join(str(error).split()) if isinstance(error, ValueError) else ""
    return text[:160] if not isinstance(error, UnicodeError) else "not valid UTF-8"


def _refuse(file: str, zh: str, en: str) -> PolicyTextError:
    return PolicyTextError(
        zh=f"规则文件 {file[:60]!a} 未采用：{zh}。现行规则不变；请改正后再试。",
        en=f"the policy file {file[:60]!a} was not taken: {en}. The policies in force stay; correct it and try again.",
    )
