"""The policy book: an immutable, validated set of policies that decides requests.

Two optimisations make decisions fast; the result is the same as evaluating the whole set with Cedar:

1. Policies whose scope names other actions or another role cannot apply, so they are left out (one policy set
   for each action and role).
2. Policies that never mention ``context`` give the same answer as long as person, sign-in, device, place, shift
   and action stay the same, so their answer is cached. Only the others are evaluated for each request. Both answers
   are combined by Cedar's rule: an applicable forbid denies; otherwise a permit allows; otherwise the request
   is denied.

One rule is stricter than Cedar: a policy that cannot be evaluated denies (Cedar would skip it, even a forbid).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, Self

import cedarpy

from waybillguard.access.decision import (
    BAD_REQUEST,
    NO_PERMIT,
    POLICY_ERROR,
    UNKNOWN_ACTION,
    Decision,
    Reason,
)
from waybillguard.access.errors import AccessError, PolicyTextError
from waybillguard.access.facts import ask_json, entity_cache_key, standing_json, unknown_facts
from waybillguard.access.policytext import Policy, guard_text, policy_set, read_policies
from waybillguard.access.request import Request
from waybillguard.access.vocabulary import actions, data_text

FIXED_FILES: Final = ("1-people.cedar", "2-devices.cedar", "3-plaintext.cedar")
"""The fixed rules in every book; an owner's texts add to them and never replace them."""

_SCHEMA_FILE: Final = "schema.cedarschema"
_KEPT: Final = 4_096
_ERROR_POLICY: Final = re.compile(r"policy `([a-z0-9-]+)`")
_PACK_VERSION: Final = 1


class _Part(NamedTuple):
    """The result of evaluating some policies: ids of applicable forbids and permits, and of failed policies."""

    forbids: tuple[str, ...]
    permits: tuple[str, ...]
    errors: tuple[str, ...]


class _Slice(NamedTuple):
    """The policies that can apply to one action of one role; None for an empty set."""

    standing: cedarpy.PolicySet | None
    asking: cedarpy.PolicySet | None


_NOTHING: Final = _Part((), (), ())


class PolicyBook:
    """An immutable set of validated policies. Create one with ``load``.

    Only its bounded cache of answers grows; cached answers equal those of a fresh evaluation. Safe to share between
    threads.
    """

    def __init__(self, files: Mapping[str, str], schema: str, policies: tuple[Policy, ...]) -> None:
        self._files = dict(files)
        self._schema_text = schema
        self._schema = cedarpy.Schema.from_str(schema)
        self._unknown_facts = unknown_facts(schema)
        self._policies = {policy.id: policy for policy in policies}
        self._slices: dict[tuple[str, str], _Slice] = {}
        self._kept: dict[tuple[object, ...], tuple[cedarpy.Entities, _Part]] = {}
        self._reasons = {policy.id: Reason(policy.id, policy.zh, policy.en) for policy in policies}
        self.version = _version(files, schema)

    @classmethod
    def load(cls, texts: Mapping[str, str] | None = None) -> Self:
        """Return a book of the fixed rules and ``texts`` (file name → Cedar text).

        Raises:
            PolicyTextError: a text cannot be parsed, or uses a file name or id of the fixed rules.
            AccessError (policy_invalid): a policy does not fit the schema; the message contains the invalid name.
        """
        own = dict(texts or {})
        if any(name in FIXED_FILES for name in own):
            raise PolicyTextError(
                zh="固定规则文件不能替换。现行规则不变；请换一个文件名。",
                en="the files of the fixed rules cannot be replaced. The policies in force stay; use another name.",
            )
        fixed = {name: data_text(f"policies/{name}") for name in FIXED_FILES}
        return cls.from_files(fixed | own, data_text(_SCHEMA_FILE))

    @classmethod
    def from_files(cls, files: Mapping[str, str], schema: str) -> Self:
        """Return a book of exactly these files, without the fixed rules (to replay a stored version).

        Raises:
            PolicyTextError: a text cannot be parsed.
            AccessError (policy_invalid): a policy does not fit the schema, or the schema itself is damaged.
        """
        policies = read_policies(files)
        _validate(files, schema, policies)
        return cls(files, schema, policies)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies in the order of the files."""
        return tuple(self._policies.values())

    @property
    def files(self) -> Mapping[str, str]:
        """The policy texts of this book, by file name."""
        return dict(self._files)

    def pack(self) -> bytes:
        """Return texts and schema as JSON; the caller stores it permanently under ``version``."""
        return json.dumps(
            {"v": _PACK_VERSION, "schema": self._schema_text, "files": self._files},
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()

    @classmethod
    def unpack(cls, packed: bytes, version: str = "") -> Self:
        """Return the book that ``pack`` serialised; with ``version``, check that it has this version.

        Raises:
            PolicyTextError: not the output of ``pack``, or another version.
            AccessError (policy_invalid): as ``from_files``.
        """
        try:
            raw = json.loads(packed)
            files = {str(name): str(text) for name, text in raw["files"].items()}
            schema, v = str(raw["schema"]), raw["v"]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise _not_that_version() from None
        if v != _PACK_VERSION or (version and _version(files, schema) != version):
            raise _not_that_version()
        return cls.from_files(files, schema)

    def decide(self, request: Request) -> Decision:
        """Decide one request. Never raises: a request that cannot be evaluated is denied with a reason."""
        try:
            return self._decide(request)
        except Exception:  # noqa: BLE001  any fault here must deny
            return self._deny(BAD_REQUEST)

    def reasons_of(self, policies: Iterable[str]) -> tuple[Reason, ...]:
        """Return the reasons of policies by id; unknown ids are left out."""
        return tuple(self._reasons[name] for name in policies if name in self._reasons)

    def _decide(self, request: Request) -> Decision:
        action = request.action
        if action not in actions():
            return self._deny(UNKNOWN_ACTION)
        key = (action, *entity_cache_key(request))
        kept = self._kept.get(key)
        chosen = self._slice(action, request.person.role)
        if kept is None:
            kept = self._cached_part(key, request, chosen.standing)
        entities, standing = kept
        asking = _NOTHING
        if chosen.asking is not None:
            asking = self._evaluate(request, chosen.asking, entities, ask_json(request))
        return self._join(standing, asking)

    def _cached_part(
        self, key: tuple[object, ...], request: Request, policies: cedarpy.PolicySet | None
    ) -> tuple[cedarpy.Entities, _Part]:
        entities = cedarpy.Entities.from_json_str(standing_json(request, self._unknown_facts), self._schema)
        part = _NOTHING if policies is None else self._evaluate(request, policies, entities, "{}")
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[key] = (entities, part)
        return entities, part

    def _evaluate(
        self, request: Request, policies: cedarpy.PolicySet, entities: cedarpy.Entities, context: str
    ) -> _Part:
        result = cedarpy.is_authorized(
            {
                "principal": {"type": "Person", "id": request.person.id},
                "action": {"type": "Action", "id": request.action},
                "resource": {"type": "Tenant", "id": request.tenant},
                "context": context,
            },
            policies,
            entities,
        )
        diagnostics = result.diagnostics
        reasons = tuple(diagnostics.reasons)
        errors = tuple(_failed(text) for text in diagnostics.errors) if diagnostics.errors else ()
        decision = result.decision
        if decision is cedarpy.Decision.Allow:
            return _Part((), reasons, errors)
        if decision is cedarpy.Decision.Deny:
            return _Part(reasons, (), errors)
        return _Part((), (), errors or ("request",))

    def _join(self, one: _Part, two: _Part) -> Decision:
        errors = one.errors + two.errors
        forbids = one.forbids + two.forbids
        permits = one.permits + two.permits
        deciding = forbids or (() if errors else permits)
        if not deciding and not errors:
            return self._deny(NO_PERMIT)
        reasons = tuple(self._reasons[name] for name in deciding)
        return Decision(
            allowed=not forbids and not errors,
            policies=deciding,
            reasons=(*reasons, POLICY_ERROR) if errors else reasons,
            errors=errors,
            version=self.version,
        )

    def _deny(self, reason: Reason) -> Decision:
        return Decision(allowed=False, policies=(), reasons=(reason,), errors=(), version=self.version)

    def _slice(self, action: str, role: str) -> _Slice:
        found = self._slices.get((action, role))
        if found is None:
            concerned = [policy for policy in self._policies.values() if policy.concerns(action, role)]
            standing = tuple(policy for policy in concerned if not policy.reads_context)
            asking = tuple(policy for policy in concerned if policy.reads_context)
            found = _Slice(policy_set(standing) if standing else None, policy_set(asking) if asking else None)
            if len(self._slices) < _KEPT:
                self._slices[action, role] = found
        return found


def _validate(files: Mapping[str, str], schema: str, policies: tuple[Policy, ...]) -> None:
    guard_text(_SCHEMA_FILE, schema)
    try:
        handle = cedarpy.Schema.from_str(schema)
    except (ValueError, UnicodeError):
        raise AccessError(
            code="policy_invalid",
            zh="权限规则词汇表（schema）已损坏。现行规则不变；请重新安装程序。",
            en="the schema of the policies is damaged. The policies in force stay; install the program again.",
        ) from None
    for file, text in files.items():
        result = cedarpy.validate_policies(text, handle)
        if result.validation_passed:
            continue
        names = result.id_annotations_by_policy_id
        found = sorted({(names.get(one.policy_id, "?"), _wrong_name(one)) for one in result.errors})
        words = "; ".join(f"{name}: {what}" for name, what in found[:5])
        raise AccessError(
            code="policy_invalid",
            zh=f"规则文件 {file[:60]!a} 未采用，与词汇表不符：{words}。现行规则不变；请改正名称后再试。",
            en=f"the policy file {file[:60]!a} was not taken, it does not fit the schema: {words}. "
            "The policies in force stay; correct the name and try again.",
        )
    known = actions()
    for policy in policies:
        strange = sorted(policy.actions - known.keys()) if policy.actions is not None else []
        if strange:
            raise AccessError(
                code="policy_invalid",
                zh=f"规则 {policy.id} 提到未知操作 {strange[0][:40]!a}。现行规则不变。",
                en=f"policy {policy.id} names an unknown action {strange[0][:40]!a}. The policies in force stay.",
            )


def _wrong_name(error: cedarpy.ValidationError) -> str:
    text = " ".join(error.error.split())
    return text.partition(", ")[2][:160] or text[:160]


def _failed(text: str) -> str:
    found = _ERROR_POLICY.search(text)
    return found[1] if found else "request"


def _version(files: Mapping[str, str], schema: str) -> str:
    canonical = json.dumps([_PACK_VERSION, schema, sorted(files.items())], ensure_ascii=True).encode()
    return hashlib.sha256(canonical).hexdigest()


def _not_that_version() -> PolicyTextError:
    return PolicyTextError(
        zh="保存的规则版本已损坏或与编号不符。现行规则不变；请从备份取回该版本。",
        en="the kept policies are damaged or not of that version. The policies in force stay; restore that "
        "version from a backup.",
    )
