"""Which process asks: a caller shows a key of its own when it connects, and may ask only what its work needs.

All processes of a service may belong to one user, so the kernel's word on the peer (SO_PEERCRED) does not tell web
from worker. The supervisor makes a secret at each start, hands it to keyd by its standard input, and to each process
the key of that process alone; confined processes cannot read one another's (`sandbox.landlock`). The key says which
program asks, never which person: that is what grants are for (`gate`).
"""

import hmac
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from waybillguard.service.keyd import (
    contract_ends,
    destroying,
    enrolling,
    export_messages,
    intake,
    label_messages,
    ledger_messages,
    mandates,
    messages,
    passkeys,
    plans,
    policy,
    rolling,
    rotation_messages,
    shops,
    signing_in,
)
from waybillguard.service.keyd.errors import RequestRefusedError


class Caller(StrEnum):
    """A kind of process. Parsing children and print agents are none: they have no way to keyd at all."""

    SUPERVISOR = "supervisor"
    SHELL = "shell"
    WEB = "web"
    WORKER = "worker"


type Requests = frozenset[type[messages.Request]]

_SECRETS: Final[Requests] = frozenset({messages.Status, messages.Derive})
_SHARED: Final[Requests] = frozenset({
    messages.Record, messages.NewEpoch, messages.NewDataKey, messages.OpenDataKey, messages.SealBatch,
    messages.NumberTokens, label_messages.IssueReferences, messages.Shred, label_messages.AssignCarrier,
    label_messages.RecordTicketSteps, label_messages.OpenReferences, ledger_messages.LedgerState,
    ledger_messages.Looks, enrolling.Suspend, signing_in.EndSession, export_messages.ReleaseNumber,
    destroying.PlanDestruction, plans.StopDestruction, plans.ListPlans, destroying.MarkImport,
    rotation_messages.Reseal, messages.FragmentTokens, messages.Tokens, messages.SealedRows, policy.ReadLimits,
})  # fmt: skip
_PEOPLE: Final[Requests] = frozenset({
    enrolling.ExpectPerson, enrolling.BeginTotp, enrolling.EnrolTotp, enrolling.RemoveFactor, enrolling.SetRole,
    enrolling.Resume, signing_in.OpenSession, passkeys.NewChallenge, passkeys.EnrolPasskey, passkeys.OpenByPasskey,
    mandates.Propose, mandates.Agree, destroying.AllowUndoing, contract_ends.AllowEnd, policy.SetLimits, policy.WithdrawLimits, mandates.GrantMachine,
    shops.SetMerchants,
})  # fmt: skip
_UNIONS: Final[tuple[Any, ...]] = (
    messages.AnyRequest, ledger_messages.AnyLedgerRequest, label_messages.AnyLabelRequest,
    rotation_messages.AnyRotationRequest, intake.AnyIntakeRequest, export_messages.AnyExportRequest,
    enrolling.AnyEnrolRequest, signing_in.AnySignInRequest, mandates.AnyMandateRequest, passkeys.AnyPasskeyRequest,
    policy.AnyPolicyRequest, destroying.AnyDestroyRequest, plans.AnyPlanRequest,
    contract_ends.AllowEnd, shops.SetMerchants, rolling.AnyRollingRequest,
)  # fmt: skip
ALL: Final[Requests] = frozenset(
    request for union in _UNIONS for request in getattr(union, "__args__", (union,))
)
"""Every request there is: what the socket reads, and what a process without a list may ask."""
ALLOWED: Final[dict[Caller, Requests]] = {
    # Whoever runs these can read the passphrase; a list would stop nobody.
    Caller.SUPERVISOR: ALL,
    Caller.SHELL: ALL,
    # What people do in the console: sign in, look, search, agree. No job of the worker's.
    Caller.WEB: _SECRETS | _SHARED | _PEOPLE | {
        messages.Reveal, export_messages.BindNumber, messages.MatchFragments, messages.WrapText, intake.IntakeKey,
        intake.SealArrived, rotation_messages.NewIndexRoot,
    },
    # Jobs: imports, exports, labels, rotation, retention. It signs nobody in and looks at nobody.
    Caller.WORKER: _SECRETS | _SHARED | {
        messages.UnwrapText, ledger_messages.ActorLooks, ledger_messages.ForgetLooks, export_messages.SealExport,
        rotation_messages.EndRotation, rotation_messages.RetireIndexRoot,
    },
}  # fmt: skip
"""What each kind of process may ask at all; grants and limits come after that."""

_UNCONFINED: Final = frozenset({Caller.SUPERVISOR, Caller.SHELL})
_COMMON_SECRETS: Final = frozenset({"django"})
_WORKERS_FILES: Final = frozenset({"import", "foreign_log"})
"""Spooled files that the worker alone reads."""


class NotAllowedCallerError(RequestRefusedError):
    """This process may not ask that."""

    code = "caller_not_allowed"


def caller_key(secret: bytes, caller: Caller) -> str:
    """Return the key of one kind of process, hex; ``secret`` is of this start."""
    return blake2b(caller.value.encode(), key=secret, digest_size=32, person=b"wg-caller").hexdigest()


class Callers:
    """Tells callers by their keys.

    Args:
        secret: of this start; empty: callers are not told apart, and everyone may ask everything.
    """

    def __init__(self, secret: bytes = b"") -> None:
        self._keys = {caller: caller_key(secret, caller) for caller in Caller} if secret else {}

    @property
    def told_apart(self) -> bool:
        """Say whether callers are told apart."""
        return bool(self._keys)

    def known(self, hello: messages.Hello) -> Caller | None:
        """Return who says hello; None where the key is not that caller's."""
        key = self._keys.get(Caller(hello.caller)) if hello.caller in Caller else None
        return Caller(hello.caller) if key and hmac.compare_digest(key.encode(), hello.key.encode()) else None

    def admit(self, caller: Caller | None, request: messages.Request) -> None:
        """Let a request pass that is among its caller's work.

        Raises:
            NotAllowedCallerError: it is not; nothing was opened.
        """
        if not self._keys or isinstance(request, messages.Status):
            return
        if caller is None or type(request) not in ALLOWED[caller] or not _fits(caller, request):
            raise NotAllowedCallerError(
                zh="此进程无权提出这种请求，未打开任何数据。",
                en="this process may not ask for that; nothing was opened.",
            )


def _fits(caller: Caller, request: messages.Request) -> bool:
    if caller in _UNCONFINED:
        return True
    if isinstance(request, messages.Derive):
        return request.purpose in _COMMON_SECRETS
    if isinstance(request, messages.OpenDataKey) and caller == Caller.WEB:
        return request.what not in _WORKERS_FILES
    # A factor in place of lost ones needs nobody's code, so it begins on the machine alone (`operations.link`).
    return not (isinstance(request, enrolling.ExpectPerson) and request.replacing)
