"""Second factors. keyd verifies and consumes them; the rows of the sign-in library (allauth) are only handles.

The row of an authenticator app holds keyd's handle of the factor where the library would store the secret.
"""

import json
import logging
from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import HttpRequest

from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.grant import keep_grant, show_grant, shown_grant
from waybillguard.service.identity.models import MAY, MachineKey, Role, User
from waybillguard.service.keyd import enrolling, mandates, messages, passkeys, signing_in
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.client import KeydError, RefusedError
from waybillguard.service.keyd.insisting import insist, is_final, withdraw
from waybillguard.service.tenancy.key_process import keyd

logger = logging.getLogger(__name__)

HANDLE = "keyd:"
KEPT_AT = "keyd"
"""The key under which a passkey's row stores keyd's handle."""


def ask[Answer](request: messages.Request, answer: type[Answer]) -> Answer:
    """Send keyd a request about factors or grants; return its answer."""
    return keyd().call(request, answer)


def expect(actor: User, person: User, *, replacing: bool = False, new: bool = False) -> None:
    """Let a person enrol a first factor within one day. ``new``: the account was created just now.

    Raises:
        RefusedError: ``actor`` is not an owner who just confirmed this by a code (not required for the first person).
    """
    ask(expecting(actor, person, replacing=replacing, new=new), messages.Done)


def expecting(
    actor: User, person: User, *, replacing: bool = False, new: bool = False
) -> enrolling.ExpectPerson:
    """Return the request that `expect` sends, to have it confirmed first."""
    return enrolling.ExpectPerson(context_of(actor), f"u{person.pk}", person.role, replacing, new)


def begin_totp(user: User, pending: bytes = b"") -> enrolling.PendingTotp:
    """Return a new secret for an authenticator app, or the pending one again."""
    request = enrolling.BeginTotp(tenant_of(user).slug, f"u{user.pk}", pending)
    return ask(request, enrolling.PendingTotp)


def enrol_totp(request: HttpRequest, user: User, pending: bytes, code: str) -> str:
    """Have keyd enrol the pending secret as a factor and start its session; return the factor's handle.

    Raises:
        RefusedError: the code is wrong, or no owner has allowed this person to enrol (`expect`).
    """
    made = ask(enrolling.EnrolTotp(context_of(user), pending, code), enrolling.EnrolledFactor)
    keep_grant(request, made.grant)
    return HANDLE + made.uid.hex()


def confirm(user: User, code: str, action: bytes = b"") -> tuple[Authenticator, bytes] | None:
    """Have keyd verify and consume a code; return the library's row and the session's grant, None for a wrong code.

    ``action`` names the one action that the code confirms (`keyd.actions`). Recovery codes belong to the library: they
    allow signing in, but keyd does not accept them as proof.
    """
    rows = list(Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN))
    for row in rows:
        if row.type == Authenticator.Type.RECOVERY_CODES and code and row.wrap().validate_code(code):
            return row, b""
    totp = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    if totp is None or not code:
        return None
    try:
        session = ask(signing_in.OpenSession(context_of(user), code, action), signing_in.Session)
    except RefusedError as error:
        if error.reason != "factor_refused":
            raise
        return None
    show_grant(session.grant)
    return totp, session.grant


def adding_factor(user: User) -> bytes:
    """Return the action that a code must confirm before a further factor is added."""
    return action_of(enrolling.EnrolTotp(context_of(user), b"", ""))


def challenge(action: bytes = b"") -> bytes:
    """Return a passkey challenge from keyd; the answer to it confirms ``action``."""
    return ask(passkeys.NewChallenge(action), passkeys.Challenge).value


def enrol_passkey(request: HttpRequest, user: User, rp_id: str, credential: dict[str, Any]) -> str:
    """Have keyd enrol a new passkey as a factor and start its session; return the factor's handle.

    Raises:
        RefusedError: the answer is not to keyd's challenge, or no owner has allowed this person to enrol (`expect`).
    """
    answer = json.dumps(credential).encode()
    made = ask(passkeys.EnrolPasskey(context_of(user), rp_id, answer), enrolling.EnrolledFactor)
    keep_grant(request, made.grant)
    return HANDLE + made.uid.hex()


def open_by_passkey(
    request: HttpRequest, user: User, rp_id: str, credential: dict[str, Any], action: bytes = b""
) -> None:
    """Have keyd verify a passkey's answer and start a session. ``action``: the one given to `challenge`.

    Raises:
        RefusedError: the answer is not by a passkey that keyd knows for this person.
    """
    answer = json.dumps(credential).encode()
    session = ask(passkeys.OpenByPasskey(context_of(user), rp_id, answer, action), signing_in.Session)
    keep_grant(request, session.grant)


def end_access(user: User) -> None:
    """End every grant of a person in keyd; if keyd is down, within a second of its return."""
    _send_revocation(enrolling.Suspend(context_of(user), f"u{user.pk}"))


def end_key(row: MachineKey) -> None:
    """End the grant of a machine key in keyd, like `end_access` for a person."""
    _send_revocation(enrolling.Suspend(context_of(row.made_by), f"key-{row.pk}"))


def _send_revocation(request: messages.Request) -> None:
    """Send a request that revokes rights; if keyd does not answer, retry in the background without blocking."""
    try:
        ask(request, messages.Done)
    except KeydError as error:
        logger.warning("keyd has not heard %s yet: %s", type(request).__name__, error.code)
        if not is_final(error):
            insist(settings.CONFIG.keyd_socket, request)


def repeat_ends(users: Iterable[User]) -> None:
    """Repeat the suspension of these users, in case keyd missed it while down. Repeating it is harmless."""
    for user in users:
        try:
            ask(enrolling.Suspend(context_of(user), f"u{user.pk}"), messages.Done)
        except KeydError:
            return


def let_back(actor: User, user: User) -> None:
    """Let a suspended person sign in again and enrol new factors.

    Raises:
        RefusedError: ``actor`` is no owner who just confirmed this by a code.
    """
    ask(letting_back(actor, user), messages.Done)
    withdraw(settings.CONFIG.keyd_socket, enrolling.Suspend, f"u{user.pk}")


def letting_back(actor: User, user: User) -> enrolling.Resume:
    """Return the request that `let_back` sends, to have it confirmed first."""
    return enrolling.Resume(context_of(actor), f"u{user.pk}")


def forget(row: Authenticator) -> None:
    """End a factor in keyd when its row is deleted; never waits for keyd."""
    handle = row.data.get("credential", {}).get(KEPT_AT, "")
    if row.type == Authenticator.Type.TOTP:
        handle = decrypt(row.data["secret"])
    if not isinstance(row.user, User) or not handle.startswith(HANDLE):
        return
    uid = bytes.fromhex(handle.removeprefix(HANDLE))
    _send_revocation(enrolling.RemoveFactor(context_of(row.user), f"u{row.user.pk}", uid))


def set_role(actor: User | None, person: User, role: str) -> None:
    """Tell keyd the new role of a person; lowering a role never waits for keyd.

    keyd grants more rights only with an owner's code, so a directory (``actor`` None) cannot grant them: keyd keeps the
    old role until an owner sends the person a new sign-in link.

    Raises:
        KeydError: a code is required, and keyd does not answer or ``actor`` is not an owner who just confirmed one.
    """
    request = setting_role(actor or person, person, role)
    gives = bool(MAY[Role(role)] - MAY[Role(person.role)])
    if gives and actor is not None:
        ask(request, messages.Done)
    withdraw(settings.CONFIG.keyd_socket, enrolling.SetRole, f"u{person.pk}")
    if not gives or actor is None:  # keyd accepts a lower role from a directory and refuses a higher one
        _send_revocation(request)


def setting_role(actor: User, person: User, role: str) -> enrolling.SetRole:
    """Return the request that `set_role` sends, to have it confirmed first."""
    return enrolling.SetRole(context_of(actor), f"u{person.pk}", role)


def sign_out(user: User) -> None:
    """End the session's grant, if there is one."""
    if shown_grant():
        _send_revocation(signing_in.EndSession(context_of(user)))


def grant_key(actor: User, key: int, days: int) -> bytes:
    """Have keyd create the grant of a machine key; return the grant.

    Raises:
        RefusedError: ``actor`` is not an owner who just confirmed a code.
    """
    return ask(granting_key(actor, key, days), mandates.Granted).grant


def granting_key(actor: User, key: int, days: int) -> mandates.GrantMachine:
    """Return the request that `grant_key` sends, to have it confirmed first."""
    return mandates.GrantMachine(context_of(actor), f"key-{key}", days)
