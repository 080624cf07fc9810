"""Recipients: registered by one person, confirmed by a second who compares the fingerprint, revoked by either."""

from django.db import IntegrityError, transaction

from waybillguard.access.request import SecondPerson
from waybillguard.seal.exportkey import fingerprint, read_public, same_fingerprint
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.exports.deciding import as_second, denied, free_quota, may_export, stand_in
from waybillguard.service.exports.errors import ExportDeniedError, ExportError, not_now
from waybillguard.service.exports.models import Export, Recipient
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.keyd import messages
from waybillguard.service.tenancy.key_process import keyd


def register(who: Principal, name: str, organisation: str, line: str) -> Recipient:
    """Register a recipient; nothing can be sealed to it until a second person confirms it.

    Args:
        who: the person who registers.
        name: name of the recipient.
        organisation: the recipient's organisation.
        line: the public key, as ``waybillguard export key`` shows it.

    Raises:
        SealError (export_key): no usable public key.
        ExportError (recipient): no name, or the key is already registered.
        ExportDeniedError: the policies refuse.
        KeydError: the ledger cannot be written; nothing was registered.
    """
    name, organisation = name.strip()[:60], organisation.strip()[:80]
    if not name or not organisation:
        raise ExportError(
            code="recipient", zh="请填写收件人姓名和单位。", en="type the recipient's name and organisation."
        )
    public = read_public(line[:200])
    _may(who)
    try:
        with transaction.atomic():
            made = Recipient.objects.create(
                tenant=who.tenant, name=name, organisation=organisation, public_key=public,
                registered_by=who.user, registered_at=who.now,
            )  # fmt: skip
            _write(who, made, "registered")
    except IntegrityError:
        raise ExportError(
            code="recipient",
            zh="该公钥已经登记过。每位收件方请使用自己的密钥。",
            en="this key is registered already; every recipient has a key of their own.",
        ) from None
    return made


def confirm(who: Principal, recipient: Recipient, typed: str) -> None:
    """Confirm a recipient as the second person, after comparing the fingerprint over another channel.

    Raises:
        ExportError (recipient): the typed text is not the fingerprint.
        ExportDeniedError: the policies refuse (the same person, a leaver, no step-up, the role).
        ExportError (export_not_now): already confirmed or revoked.
        KeydError: the ledger cannot be written; nothing was confirmed.
    """
    _may(who, as_second(load_principal(recipient.registered_by, who.sign_in, who.now)))
    if not same_fingerprint(typed, bytes(recipient.public_key)):
        raise ExportError(
            code="recipient",
            zh="输入的指纹与公钥不符，未确认。请电话向收件方本人核对；若仍不符，请撤销此登记。",
            en="what was typed is not the fingerprint of this key; nothing was confirmed. Compare by telephone with "
            "the recipient in person; if it still differs, revoke this registration.",
        )
    with transaction.atomic():
        changed = Recipient.objects.filter(pk=recipient.pk, confirmed_at=None, revoked_at=None).update(
            confirmed_by=who.user, confirmed_at=who.now
        )
        if not changed:
            raise not_now()
        _write(who, recipient, "confirmed")


def revoke(who: Principal, recipient: Recipient) -> None:
    """Revoke a recipient at once, without waiting for the ledger; unfinished exports are no longer sealed to it.

    Raises:
        ExportDeniedError: the person's role may not revoke.
    """
    if not who.user.may(Permission.SECOND):
        raise ExportDeniedError(zh="您的角色不能撤销收件方。", en="your role revokes no recipients.")
    with transaction.atomic():
        changed = Recipient.objects.filter(pk=recipient.pk, revoked_at=None).update(
            revoked_by=who.user, revoked_at=who.now
        )
        if changed:
            note(who.tenant, "recipient_revoked", actor=who.user, now=who.now, recipient=recipient.pk)


def _may(who: Principal, second: SecondPerson | None = None) -> None:
    if not who.user.may(Permission.SECOND):
        raise ExportDeniedError(
            zh="收件方由负责人或主管登记和确认。",
            en="owners and supervisors register and confirm recipients.",
        )
    decision = may_export(
        who, Export.Form.MASKED, None, "", 0, free_quota(who.user, 0), second or stand_in(who)
    )  # fmt: skip
    if not decision.allowed:
        raise denied(decision)


def _write(who: Principal, recipient: Recipient, what: str) -> None:
    keyd().call(
        messages.Record(
            context=context_of(who.user, workstation=who.workstation), kind="recipient",
            detail={
                "what": what, "recipient": recipient.pk, "fingerprint": fingerprint(bytes(recipient.public_key)),
            },
        ),
        messages.Recorded,
    )  # fmt: skip
