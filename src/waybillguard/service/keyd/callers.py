"""Which kinds of process may send which requests: each caller connects with its own key.

All processes of a service may run as the same user, so peer credentials (SO_PEERCRED) do not distinguish the web
process from the worker. The supervisor creates a secret at each start. It passes the secret to keyd on standard input
and gives each process only that process's own key; confined processes cannot read each other's (`sandbox.landlock`).
The key identifies the program, never the person; grants do that (`gate`).
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
    """A kind of process. Parsing child processes and print agents are not listed: they cannot reach keyd."""

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
"""Every request type: what the socket decodes, and what a caller without a list may send."""
ALLOWED: Final[dict[Caller, Requests]] = {
    # These callers can read the passphrase, so a list would not restrict them.
    Caller.SUPERVISOR: ALL,
    Caller.SHELL: ALL,
    # What people do in the console: sign in, look, search, agree. The worker sends none of these.
    Caller.WEB: _SECRETS | _SHARED | _PEOPLE | {
        messages.Reveal, export_messages.BindNumber, messages.MatchFragments, messages.WrapText, intake.IntakeKey,
        intake.SealArrived, rotation_messages.NewIndexRoot,
    },
    # Background jobs: imports, exports, labels, rotation, retention. The worker signs nobody in and reveals nothing.
    Caller.WORKER: _SECRETS | _SHARED | {
        messages.UnwrapText, ledger_messages.ActorLooks, ledger_messages.ForgetLooks, export_messages.SealExport,
        rotation_messages.EndRotation, rotation_messages.RetireIndexRoot,
    },
}  # fmt: skip
"""Requests each kind of process may send. Grants and limits are checked afterwards."""

_UNCONFINED: Final = frozenset({Caller.SUPERVISOR, Caller.SHELL})
_COMMON_SECRETS: Final = frozenset({"django"})
_WORKERS_FILES: Final = frozenset({"import", "foreign_log"})
"""Kinds of spooled files that only the worker reads."""


class NotAllowedCallerError(RequestRefusedError):
    """This kind of process may not send this request."""

    code = "caller_not_allowed"


def caller_key(secret: bytes, caller: Caller) -> str:
    """Return the key of one kind of process, in hex; ``secret`` is the one created at this start."""
    return blake2b(caller.value.encode(), key=secret, digest_size=32, person=b"wg-caller").hexdigest()


class Callers:
    """Identifies callers by their keys.

    Args:
        secret: created at this start. If empty, callers are not distinguished and may send any request.
    """

    def __init__(self, secret: bytes = b"") -> None:
        self._keys = {caller: caller_key(secret, caller) for caller in Caller} if secret else {}

    @property
    def distinguished(self) -> bool:
        """Return whether callers are distinguished."""
        return bool(self._keys)

    def known(self, hello: messages.Hello) -> Caller | None:
        """Return the caller that sent the greeting, or None if the key is not valid for it."""
        key = self._keys.get(Caller(hello.caller)) if hello.caller in Caller else None
        return Caller(hello.caller) if key and hmac.compare_digest(key.encode(), hello.key.encode()) else None

    def admit(self, caller: Caller | None, request: messages.Request) -> None:
        """Check that this caller may send this request.

        Raises:
            NotAllowedCallerError: it may not; nothing was opened.
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
    # Only the server's command line may start replacing lost factors, because it needs no code (`operations.link`).
    return not (isinstance(request, enrolling.ExpectPerson) and request.replacing)
