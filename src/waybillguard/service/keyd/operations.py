"""keyd's operations with keys: sealing and tokens. All other requests are passed to their own modules.

Every operation that opens plaintext, or reveals anything about it, writes the ledger first and continues only with
the receipt. If the ledger cannot write, nothing opens.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from waybillguard.keys.hierarchy import FileHolder, WrappedEpoch, new_epoch, unwrap_epoch
from waybillguard.keys.hierarchy import Purpose as KeyPurpose
from waybillguard.keys.primitives import SecretKey
from waybillguard.ledger import Entry, EntryKind, FieldClass, Ledger, Purpose, Receipt
from waybillguard.ledger.person import forget_looks
from waybillguard.seal import SealedOrder, Sealer, TenantKeys, month_of
from waybillguard.seal.grams import GramKeys
from waybillguard.service.keyd import (
    calling,
    contract_ends,
    destroying,
    enrolling,
    export_messages,
    exporting,
    files,
    intake,
    label_messages,
    labels,
    ledger_messages,
    mandates,
    messages,
    passkeys,
    plans,
    policy,
    revealing,
    rolling,
    rotating,
    rotation_messages,
    searching,
    shops,
    signing_in,
)
from waybillguard.service.keyd.errors import (
    LimitReachedError,
    NotGrantedError,
    RequestRefusedError,
    ShreddedError,
)
from waybillguard.service.keyd.gate import Gate, require_names
from waybillguard.service.keyd.grants import Grants
from waybillguard.service.keyd.leavers import count_looks
from waybillguard.service.keyd.limits import Limits, shipped_limits
from waybillguard.service.keyd.people import People
from waybillguard.service.keyd.refusals import Refusals
from waybillguard.service.keyd.reportable import REPORTABLE
from waybillguard.service.keyd.shredlog import ShredList, ShredLog
from waybillguard.service.keyd.usage import Usage

# Secrets of the service itself; none of them opens an order.
SERVICE_SECRETS: Final = frozenset({"django", "tls", "authority"})
_SEARCHED: Final = {
    "phone": FieldClass.PHONE,
    "last4": FieldClass.PHONE,
    "order": FieldClass.ORDER_NO,
    "waybill": FieldClass.WAYBILL_NO,
}
_PURPOSES: Final = {"print_label": Purpose.PRINT_LABEL, "": Purpose.NONE}
_KEPT_EPOCHS: Final = 4_096


class Operations:
    """Handles every request to keyd.

    Args:
        holder: the unlocked root key.
        ledger: records every look.
        clock: microseconds since 1970, UTC.
        shredded: what must never be opened again.
        people: the people keyd knows, and the limits signed by owners.
    """

    def __init__(
        self,
        holder: FileHolder,
        ledger: Ledger,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
        shredded: ShredList | None = None,
        people: People | None = None,
    ) -> None:
        self._holder = self.holder = holder
        self._ledger = self.ledger = ledger
        self._clock = clock
        self.people = people if people is not None else People(holder)
        self.limits = shipped_limits()
        self.grants = Grants(holder, self.now_us, self.people.has_ended)
        self.usage = Usage(ledger, self.limits_of, lambda: self.now_us() / 1e6)
        self.tries = signing_in.Tries(self)
        self.challenges = passkeys.Challenges(self.now_us)
        self.jobs = mandates.Jobs(self)
        self.gate = Gate(self)
        self.refusals = Refusals(self)
        self.shredded = shredded if shredded is not None else ShredList()
        self.roots = rotating.Roots(holder)
        self._epochs: dict[tuple[str, int, int, bytes], SecretKey] = {}
        self._handlers: dict[type[messages.Request], Callable[..., object]] = {
            messages.Status: self.status,
            messages.FrameHeld: self.refusals.record_held_frame,
            enrolling.ExpectPerson: partial(enrolling.expect_person, self),
            enrolling.BeginTotp: partial(enrolling.begin_totp, self),
            enrolling.EnrolTotp: partial(enrolling.enrol_totp, self),
            enrolling.RemoveFactor: partial(enrolling.remove_factor, self),
            enrolling.SetRole: partial(enrolling.set_role, self),
            shops.SetMerchants: partial(shops.set_merchants, self),
            enrolling.Suspend: partial(enrolling.suspend, self),
            enrolling.Resume: partial(enrolling.resume, self),
            signing_in.OpenSession: partial(signing_in.open_session, self),
            signing_in.EndSession: partial(signing_in.end_session, self),
            passkeys.NewChallenge: partial(passkeys.new_challenge, self),
            passkeys.EnrolPasskey: partial(passkeys.enrol_passkey, self),
            passkeys.OpenByPasskey: partial(passkeys.open_by_passkey, self),
            mandates.Propose: partial(mandates.propose, self),
            mandates.Agree: partial(mandates.agree, self),
            destroying.AllowUndoing: partial(destroying.allow_undoing, self),
            contract_ends.AllowEnd: partial(contract_ends.allow_end, self),
            destroying.PlanDestruction: partial(destroying.plan_destruction, self),
            plans.StopDestruction: partial(plans.stop_destruction, self),
            plans.ListPlans: partial(plans.list_plans, self),
            destroying.MarkImport: partial(destroying.import_mark, self),
            policy.ReadLimits: partial(policy.read_limits, self),
            policy.SetLimits: partial(policy.set_limits, self),
            policy.WithdrawLimits: partial(policy.withdraw_limits, self),
            mandates.GrantMachine: partial(mandates.grant_machine, self),
            messages.Derive: self.derive,
            messages.NewEpoch: self.new_epoch,
            messages.NewDataKey: partial(files.new_data_key, holder),
            messages.OpenDataKey: partial(files.open_data_key, self, holder),
            messages.WrapText: partial(files.wrap_text, holder),
            messages.UnwrapText: partial(files.unwrap_text, self, holder),
            messages.SealBatch: self.seal_batch,
            messages.SealedRows: self.sealed_rows,
            intake.IntakeKey: partial(intake.intake_key, holder),
            intake.SealArrived: partial(intake.seal_arrived, self, holder),
            messages.Tokens: self.tokens,
            label_messages.AssignCarrier: partial(labels.assign_carrier, self),
            label_messages.IssueReferences: partial(labels.issue_references, self),
            label_messages.RecordTicketSteps: partial(labels.record_steps, self),
            label_messages.OpenReferences: partial(labels.open_references, self),
            messages.Record: self.record,
            messages.Reveal: partial(revealing.reveal, self),
            export_messages.SealExport: partial(exporting.seal_export, self),
            export_messages.BindNumber: partial(calling.bind_number, self),
            export_messages.ReleaseNumber: partial(calling.release_number, self),
            ledger_messages.ActorLooks: self.actor_looks,
            ledger_messages.ForgetLooks: self.forget_looks,
            messages.NumberTokens: partial(searching.number_tokens, self),
            messages.FragmentTokens: partial(searching.fragment_tokens, self),
            messages.MatchFragments: partial(searching.match_fragments, self),
            messages.Shred: partial(destroying.shred, self),
            ShredLog: partial(destroying.shred_log, self),
            rotation_messages.NewIndexRoot: partial(rotating.new_index_root, self),
            rotation_messages.Reseal: partial(rotating.reseal, self),
            rotation_messages.EndRotation: partial(rotating.end_rotation, self),
            rotation_messages.RetireIndexRoot: partial(rotating.retire_index_root, self),
            rolling.RenewWrapped: partial(rolling.renew_wrapped, self),
            rolling.EndRenewal: partial(rolling.end_renewal, self),
        }

    def handle(self, request: messages.Request) -> object:
        """Check a request at the gate, run it and return its answer.

        Errors of the operations are passed on. Refusals for a missing grant or a limit are first recorded.
        """
        require_names(request)
        try:
            self.gate.admit(request)
            return self._handlers[type(request)](request)
        except (NotGrantedError, LimitReachedError) as error:
            self.refusals.record(request, error)
            raise

    # --- the service's own keys -------------------------------------------------------------------

    def status(self, _request: messages.Status) -> messages.StatusAnswer:
        """Return how many entries the ledger has."""
        return messages.StatusAnswer(
            version=messages.VERSION,
            healthy=self._ledger.healthy,
            entries={name: self._ledger.head(name).size for name in self._ledger.shards()},
        )

    def derive(self, request: messages.Derive) -> messages.Secret:
        """Derive a secret of the service."""
        if request.purpose not in SERVICE_SECRETS:
            raise RequestRefusedError(zh="没有这种服务密钥", en="there is no such service secret")
        return messages.Secret(self._holder.derive(KeyPurpose.SERVICE, request.purpose.encode()).hex())

    def new_epoch(self, request: messages.NewEpoch) -> messages.WrappedEpoch:
        """Create a day key."""
        made = new_epoch(self._holder, tenant=request.tenant, day=request.day, epoch_id=request.epoch_id)
        return messages.WrappedEpoch(request.epoch_id, request.day, made.wrapped)

    # --- orders -----------------------------------------------------------------------------------

    def seal_batch(self, request: messages.SealBatch) -> messages.SealedBatch:
        """Seal a chunk: rows of each day under that day's key; answers keep the order of the request."""
        keys = self.tenant_keys(request.tenant, request.roots)
        epochs = {epoch.day: epoch for epoch in request.epochs}
        self._write_sealing(request.tenant, len(request.rows))
        if any(row.day not in epochs for row in request.rows):
            raise RequestRefusedError(zh="缺少某一天的密钥", en="the key of a day is missing")
        names, addresses = self._gram_columns(request)
        earlier = rotating.earlier_rows(keys.indexes, request.rows)
        suite = rotating.suite_of(request.roots)
        if len(epochs) == 1:
            (epoch,) = epochs.values()
            rows = self._sealer(request.tenant, epoch, keys, suite).seal_many(request.rows)
            return messages.SealedBatch(rows, names, addresses, earlier)
        places: dict[int, list[int]] = {}
        for place, order in enumerate(request.rows):
            places.setdefault(order.day, []).append(place)
        sealed: dict[int, SealedOrder] = {}
        for day, where in places.items():
            sealer = self._sealer(request.tenant, epochs[day], keys, suite)
            sealed.update(zip(where, sealer.seal_many([request.rows[place] for place in where]), strict=True))
        rows = [sealed[place] for place in range(len(request.rows))]
        return messages.SealedBatch(rows, names, addresses, earlier)

    def _write_sealing(self, tenant: str, rows: int) -> None:
        """Record how many rows are about to be sealed: each yields keyed tokens of a phone."""
        entry = self.entry(
            messages.Context(tenant, "service"), EntryKind.KEY, FieldClass.CONTACT,
            detail={"change": "sealed", "orders": rows}, purpose=Purpose.MAINTENANCE,
        )  # fmt: skip
        self.write([entry])

    def sealed_rows(self, request: messages.SealedRows) -> messages.SealedRowsAnswer:
        """Return how many rows were sealed in the last 24 hours, to compare with the rows of imports."""
        return messages.SealedRowsAnswer(self.usage.sealed_lately(request.tenant))

    def _gram_columns(self, request: messages.SealBatch) -> tuple[list[bytes], list[bytes]]:
        grams = self.gram_keys(request.tenant, request.roots)[0][1]
        names, addresses = [], []
        months = {day: month_of(day) for day in {row.day for row in request.rows}}
        for row in request.rows:
            name, address = grams.of_contact(row.contact, months[row.day]) if row.contact else (b"", b"")
            names.append(name)
            addresses.append(address)
        return names, addresses

    def tokens(self, request: messages.Tokens) -> messages.TokenAnswer:
        """Make search tokens, after recording the search in the ledger."""
        indexes = self.tenant_keys(request.context.tenant, request.roots).indexes
        for query in request.queries:
            if query.field not in _SEARCHED:
                raise RequestRefusedError(zh="未知的查询字段", en="unknown search field")
        if personal := sum(query.field in searching.PERSONAL for query in request.queries):
            self.usage.search(request.context.tenant, request.context.actor, personal)
        self.write([
            self.entry(request.context, EntryKind.SEARCH, _SEARCHED[query.field], detail={"field": query.field})
            for query in request.queries
        ])  # fmt: skip
        answers: list[list[bytes]] = []
        for query in request.queries:
            months = sorted({month_of(day) for day in query.days})
            match query.field:
                case "phone":
                    answers.append(indexes.phone_tokens(query.value, months))
                case "order":
                    answers.append(indexes.order_tokens(query.value, months))
                case "waybill":
                    answers.append(indexes.waybill_tokens(query.value, months))
                case _:
                    answers.append(indexes.last4_tokens(query.value, query.shops, query.days))
        return messages.TokenAnswer(answers)

    def record(self, request: messages.Record) -> messages.Recorded:
        """Record an event reported by another process.

        Such entries are never of class STAFF nor for MAINTENANCE, because the counts rebuilt from the ledger after
        a restart rely on these (`signing_in.Tries`, `usage`).
        """
        kind = REPORTABLE.get(request.kind)
        if kind is None:
            raise RequestRefusedError(zh="不能代为登记这类事件", en="this kind of event cannot be reported")
        field = FieldClass.MASKED if kind == EntryKind.EXPORT else FieldClass.NONE
        (receipt,) = self.write([self.entry(request.context, kind, field, detail=dict(request.detail))])
        return messages.Recorded(
            index=receipt.index, leaf_hash=receipt.leaf_hash.hex(), origin=receipt.origin
        )

    def actor_looks(self, request: ledger_messages.ActorLooks) -> ledger_messages.ActorLooksAnswer:
        """Count a leaver's looks, after recording the audit itself in the ledger."""
        if not request.cursor:
            detail: dict[str, str | int] = {"change": "leaving_audit", "person": request.actor}
            self.write([self.entry(request.context, EntryKind.ACCOUNT, FieldClass.NONE, detail=detail)])
        return count_looks(self._ledger, request)

    def forget_looks(self, request: ledger_messages.ForgetLooks) -> ledger_messages.ForgottenLooks:
        """Erase the bodies of look records that are old enough; the ledger refuses less than six months."""
        who = request.context
        return ledger_messages.ForgottenLooks(
            forget_looks(self._ledger, who.tenant, request.before_s, actor=who.actor)
        )

    # --- parts --------------------------------------------------------------------------------------

    def write(self, entries: list[Entry]) -> list[Receipt]:
        """Write entries durably and return their receipts. If that fails, nothing opens."""
        return self._ledger.append(entries) if entries else []

    def entry(
        self,
        context: messages.Context,
        kind: EntryKind,
        field_class: FieldClass,
        *,
        record: bytes | None = None,
        detail: dict[str, str | int] | None = None,
        purpose: Purpose | None = None,
    ) -> Entry:
        """Return the ledger entry for the act in ``context``."""
        return Entry(
            time_us=self._clock(),
            kind=kind,
            tenant=context.tenant,
            actor=context.actor,
            workstation=context.workstation,
            session=context.session,
            field_class=field_class,
            purpose=purpose if purpose is not None else _PURPOSES.get(context.purpose, Purpose.OTHER),
            record=record,
            detail={**(detail or {})},
        )

    def limits_of(self, tenant: str) -> Limits:
        """Return the limits in force for a warehouse."""
        signed = self.people.signed(tenant)
        return self.limits if signed is None else signed.at(self.now_us())

    def now_us(self) -> int:
        """Return microseconds since 1970, UTC."""
        return self._clock()

    def tenant_keys(self, tenant: str, roots: Sequence[messages.IndexRoot] = ()) -> TenantKeys:
        """Return the tenant's keys other than day keys, with indexes under its newest root."""
        return self.roots.keys(tenant, roots)

    def gram_keys(self, tenant: str, roots: Sequence[messages.IndexRoot] = ()) -> list[tuple[int, GramKeys]]:
        """Return generation and gram keys of every root that searches ask, newest first."""
        return self.roots.grams(tenant, roots)

    def may_open(self, tenant: str, order_uid: bytes, epoch: messages.WrappedEpoch) -> bool:
        """Return whether neither the order nor its day was ever shredded."""
        return not (
            self.shredded.forbids(tenant, order_uid)
            or self.shredded.forbids_epoch(tenant, epoch.day, epoch.epoch_id)
        )

    def forget_epochs(self, tenant: str) -> None:
        """Drop the tenant's unwrapped day keys from memory."""
        for place in [place for place in self._epochs if place[0] == tenant]:
            self._epochs.pop(place, None)

    def epoch_key(self, tenant: str, epoch: messages.WrappedEpoch) -> SecretKey:
        """Unwrap a day key.

        Raises:
            ShreddedError: the day was shredded, and a restored backup contains its row again.
        """
        if self.shredded.forbids_epoch(tenant, epoch.day, epoch.epoch_id):
            raise ShreddedError(
                zh="该日数据已销毁，不会再打开。即使恢复了旧备份也是如此。",
                en="that day was shredded and is never opened again, a restored backup included.",
            )
        # Everything the wrapping binds, so that a cached key is checked against its day like one just unwrapped.
        place = (tenant, epoch.epoch_id, epoch.day, epoch.wrapped)
        if (key := self._epochs.get(place)) is None:
            if len(self._epochs) >= _KEPT_EPOCHS:
                self._epochs.clear()
            stored = WrappedEpoch(
                epoch_id=epoch.epoch_id, tenant=tenant, day=epoch.day, wrapped=epoch.wrapped,
                key_id=self._holder.key_id,
            )  # fmt: skip
            key = self._epochs[place] = unwrap_epoch(self._holder, stored)
        return key

    def _sealer(self, tenant: str, epoch: messages.WrappedEpoch, keys: TenantKeys, suite: int) -> Sealer:
        return Sealer(self.epoch_key(tenant, epoch), epoch.epoch_id, keys, suite=suite)
