"""Rotations: index roots of a tenant, and resealing its orders under new keys.

Every root after the first is random and is sent wrapped with each request, like day keys. keyd keeps no list of roots,
so it may be killed at any moment. As in `operations`, the ledger is written first.
"""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.keys.hierarchy import KeyHolder
from waybillguard.keys.hierarchy import Purpose as KeyPurpose
from waybillguard.keys.primitives import KEY_SIZE, frame, require_size
from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger import Purpose as LedgerPurpose
from waybillguard.seal import IndexKeys, SealInput, TenantKeys, month_of
from waybillguard.seal.grams import GramKeys
from waybillguard.seal.indexes import row_root_of
from waybillguard.seal.reseal import reseal_many
from waybillguard.seal.suites import SUITES, Suite
from waybillguard.service.keyd import messages, rotation_messages
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError
from waybillguard.service.keyd.grants import Kind
from waybillguard.service.keyd.mandates import for_job

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

HOLDER: Final = "rotation"
"""Holder of a rotation's mandate; not a person."""
MANDATE_S: Final = 90 * 86_400
"""Maximum duration of a rotation."""
MAX_RESEALED: Final = 10_000
"""Maximum orders resealed per request."""
_KEPT: Final = 256


class Roots:
    """Unwraps index roots and caches the keys below them, by tenant and list of roots."""

    def __init__(self, holder: KeyHolder) -> None:
        self._holder = holder
        self._keys: dict[tuple[str, tuple[messages.IndexRoot, ...]], TenantKeys] = {}
        self._grams: dict[tuple[str, messages.IndexRoot], GramKeys] = {}

    def keys(self, tenant: str, roots: Sequence[messages.IndexRoot]) -> TenantKeys:
        """Return a tenant's keys, with indexes under the newest root."""
        place = (tenant, tuple(roots))
        if (keys := self._keys.get(place)) is None:
            if len(self._keys) >= _KEPT:
                self._keys.clear()
            keys = TenantKeys.derive(self._holder, tenant)
            if roots:
                keys = msgspec.structs.replace(keys, indexes=self._chain(tenant, roots))
            self._keys[place] = keys
        return keys

    def grams(self, tenant: str, roots: Sequence[messages.IndexRoot]) -> list[tuple[int, GramKeys]]:
        """Return generation and gram keys of every root that searches ask, newest first."""
        found = []
        for root in sorted(roots or [messages.IndexRoot(1)], key=lambda one: -one.generation):
            if not root.asked or root.rows:
                continue
            if (keys := self._grams.get((tenant, root))) is None:
                if len(self._grams) >= _KEPT:
                    self._grams.clear()
                keys = self._grams[tenant, root] = GramKeys(self._root(tenant, root), tenant)
            found.append((root.generation, keys))
        return found

    def new(self, tenant: str, generation: int) -> bytes:
        """Create an index root and return it wrapped."""
        return self._holder.wrap(secrets.token_bytes(KEY_SIZE), root_context(tenant, generation))

    def retire(self, tenant: str, root: messages.IndexRoot) -> bytes:
        """Return the root of the row tokens below an index root, wrapped."""
        rows = row_root_of(self._root(tenant, root))
        return self._holder.wrap(bytes(rows), root_context(tenant, root.generation, b"row-root"))

    def _chain(self, tenant: str, roots: Sequence[messages.IndexRoot]) -> IndexKeys:
        chain: IndexKeys | None = None
        overlap = False
        rows = True
        for expected, root in enumerate(sorted(roots, key=lambda one: one.generation), 1):
            if root.generation != expected:
                raise RequestRefusedError(
                    zh="索引密钥的世代不连续，未做任何操作。请从备份恢复数据库。",
                    en="a generation of index keys is missing; nothing was done. Restore the database.",
                )
            chain = IndexKeys(
                self._root(tenant, root), tenant, earlier=chain, overlap=overlap, rows_only=root.rows
            )
            overlap, rows = root.asked, root.rows
        if chain is None or rows:
            raise RequestRefusedError(zh="没有可用的索引密钥", en="there is no index root to use")
        return chain

    def _root(self, tenant: str, root: messages.IndexRoot) -> bytes:
        if root.generation == 1:
            return self._holder.derive(KeyPurpose.INDEX)
        kind = b"row-root" if root.rows else b"index-root"
        key = self._holder.unwrap(root.wrapped, root_context(tenant, root.generation, kind))
        require_size(key, KEY_SIZE, "index root")
        return key


def suite_of(roots: Sequence[messages.IndexRoot]) -> int:
    """Return the cipher suite that orders are sealed with now: that of the newest generation.

    Raises:
        RequestRefusedError: the suite is unknown.
    """
    suite = max(roots, key=lambda root: root.generation).suite if roots else Suite.AES_256_GCM
    if suite not in SUITES:
        raise RequestRefusedError(
            zh="算法套件不识，未密封任何数据。请升级程序。",
            en="the cipher suite is not known; nothing was sealed. Upgrade the program.",
        )
    return suite


def earlier_rows(indexes: IndexKeys, rows: Sequence[SealInput]) -> list[list[bytes]]:
    """Return the row tokens under each root before the newest; empty if there was no rotation."""
    if indexes.earlier is None:
        return []
    columns: list[list[bytes]] = []
    by_month: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        by_month.setdefault(month_of(row.day), []).append(place)
    for month, places in by_month.items():
        chain = indexes.earlier.row_chain([rows[place].row for place in places], month)
        columns = columns or [[b""] * len(rows) for _ in chain]
        for column, tokens in zip(columns, chain, strict=True):
            for place, token in zip(places, tokens, strict=True):
                column[place] = token
    return columns


def new_index_root(ops: "Operations", request: rotation_messages.NewIndexRoot) -> rotation_messages.NewRoot:
    """Create the root of a new generation and the mandate for its orders, after recording the start in the ledger.

    Raises:
        NotGrantedError: no owner has just confirmed by a code.
    """
    if ops.gate.fresh_session(request.context).role != OWNER:
        raise NotGrantedError(
            zh="轮换密钥需要负责人确认，未做更改。",
            en="rotating keys takes an owner's code; nothing changed.",
        )
    suite_of([messages.IndexRoot(request.generation, suite=request.suite)])
    _write(
        ops,
        request.context,
        {"change": "rotation_begins", "generation": request.generation, "suite": request.suite},
    )
    tenant = request.context.tenant
    _, grant = ops.grants.make(
        Kind.MANDATE, tenant, HOLDER, MANDATE_S, action=_job(request.generation).digest
    )
    return rotation_messages.NewRoot(ops.roots.new(tenant, request.generation), grant)


def reseal(ops: "Operations", request: rotation_messages.Reseal) -> rotation_messages.Resealed:
    """Reseal a chunk, after recording it in the ledger; shredded orders are left unchanged.

    Raises:
        NotGrantedError: the context holds no mandate for the rotation to the newest root.
    """
    tenant = request.context.tenant
    asked = request.orders
    uids = asked.order_uids
    columns = {len(getattr(asked, name)) for name in asked.__struct_fields__}
    if columns != {len(uids)} or len(uids) > MAX_RESEALED or len(request.roots) < 2:  # noqa: PLR2004 - from one to another
        raise RequestRefusedError(zh="轮换请求不完整", en="this is no chunk of a rotation")
    newest = max(root.generation for root in request.roots)
    for_job(ops, request.context, _job(newest), HOLDER)
    days = {epoch.day: epoch for epoch in request.new_epochs}
    if not days.keys() >= set(asked.days):
        raise RequestRefusedError(zh="缺少某一天的密钥", en="the key of a day is missing")
    _write(ops, request.context, {"change": "sealed_again", "generation": newest, "orders": len(uids)})
    if gone := ops.shredded.forbidden_of(tenant, uids):
        salts = [b"" if uid in gone else salt for uid, salt in zip(uids, asked.salts, strict=True)]
        asked = msgspec.structs.replace(asked, salts=salts)
    living = [
        epoch
        for epoch in request.old_epochs
        if not ops.shredded.forbids_epoch(tenant, epoch.day, epoch.epoch_id)
    ]
    return reseal_many(
        asked,
        tenant=tenant,
        old_epochs={epoch.epoch_id: ops.epoch_key(tenant, epoch) for epoch in living},
        new_epochs={
            day: (epoch.epoch_id, bytes(ops.epoch_key(tenant, epoch))) for day, epoch in days.items()
        },
        indexes=ops.tenant_keys(tenant, request.roots).indexes,
        grams=ops.gram_keys(tenant, request.roots)[0][1],
        suite=suite_of(request.roots),
    )


def end_rotation(ops: "Operations", request: rotation_messages.EndRotation) -> messages.Recorded:
    """Record the result of a rotation under its mandate; the caller then destroys the old keys."""
    for_job(ops, request.context, _job(request.generation), HOLDER)
    return _write(
        ops,
        request.context,
        {
            "change": "rotation_ends", "generation": request.generation, "orders": request.orders,
            "unopened": request.unopened, "days_destroyed": request.days,
        },
    )  # fmt: skip


def retire_index_root(ops: "Operations", request: rotation_messages.RetireIndexRoot) -> messages.Wrapped:
    """Return the remaining part of a destroyed index root, after recording its end in the ledger."""
    root = request.root
    if root.generation < 2 or root.rows:  # noqa: PLR2004 - the first is derived from the root key
        raise RequestRefusedError(
            zh="此索引密钥不能单独销毁", en="this index root is not destroyed by itself"
        )
    _write(ops, request.context, {"change": "index_root_destroyed", "generation": root.generation})
    return messages.Wrapped(ops.roots.retire(request.context.tenant, root))


def _job(generation: int) -> messages.Job:
    return messages.Job("rotation", "", str(generation))


def _write(ops: "Operations", context: messages.Context, detail: dict[str, str | int]) -> messages.Recorded:
    (receipt,) = ops.write([
        ops.entry(context, EntryKind.KEY, FieldClass.NONE, detail=detail, purpose=LedgerPurpose.MAINTENANCE)
    ])  # fmt: skip
    return messages.Recorded(receipt.index, receipt.leaf_hash.hex(), receipt.origin)


def root_context(tenant: str, generation: int, kind: bytes = b"index-root") -> bytes:
    """Return the context that binds a wrapped index root."""
    return frame(kind, tenant.encode(), generation.to_bytes(4))
