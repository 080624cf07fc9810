"""Operations on the root key: change of holder, staging a new key, secret shares, recovery.

Each is written to the ledger first, for every tenant in the ledger.
"""

from pathlib import Path

from waybillguard.keys import holders, keyfile, rollover
from waybillguard.keys.errors import KeysError
from waybillguard.keys.hierarchy import FileHolder, Purpose
from waybillguard.keys.rollover import RolledHolder
from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerKeys, LocalStorage, wall_clock
from waybillguard.ledger import Purpose as LedgerPurpose
from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.operations.backup_lock import refuse_running
from waybillguard.service.platform.config import Config, ensure_private_dir


def change_holder(
    config: Config, old_secret: str, holder: str, settings: dict[str, str], secret: str
) -> holders.Described:
    """Move the root key to another holder. Orders, indexes and the ledger stay unchanged.

    Raises:
        BackupError: the service runs.
        KeysError: the old secret is wrong or the new holder refuses; the key file is unchanged.
    """
    refuse_running(config)
    root = holders.unlock(config.key_file, old_secret)
    of_root = rollover.holder_of(config.key_file, root)
    record(config, of_root, {"change": "key_holder", "holder": holder})
    holders.hold(config.key_file, root, holder, settings, secret, replace=True)
    return holders.describe(config.key_file)


def stage_root(config: Config, old_secret: str, new_secret: str) -> str:
    """Create a new root key beside the current one and return its id; the service may be running.

    The secret given to keyd at its next start decides: the new secret activates the new key, the old one does not.

    Raises:
        KeysError: the old secret does not open the current key, or the holder refuses; nothing changed.
    """
    holder = rollover.holder_of(config.key_file, holders.unlock(config.key_file, old_secret))
    return rollover.stage(config.key_file, holder, new_secret)


def make_shares(config: Config, secret: str, needed: int, shares: int) -> list[str]:
    """Split the root key into ``shares`` shares, of which ``needed`` recover it. The shares are not stored.

    Raises:
        BackupError: the service runs.
        KeysError: the secret does not open the key, or the numbers are invalid.
    """
    from waybillguard.keys import escrow

    refuse_running(config)
    holder = rollover.holder_of(config.key_file, holders.unlock(config.key_file, secret))
    first = holder.earlier[0].root if isinstance(holder, RolledHolder) else None
    lines = escrow.split(holder.root, needed, shares, first)
    record(config, holder, {"change": "key_shares", "needed": needed, "shares": shares})
    return lines


def recover(config: Config, lines: list[str], passphrase: str) -> holders.Described:
    """Recover the root key from shares and seal it under a passphrase, replacing an unusable key file.

    Raises:
        BackupError: the service runs, or the shares belong to another installation.
        KeysError: the shares do not form a key, or the passphrase is too short.
    """
    from waybillguard.keys import escrow

    refuse_running(config)
    root, first = escrow.join(lines)
    if (known := _key_id(config.key_file)) not in {"", root.key_id}:
        raise BackupError(
            zh=f"这些分片属于另一把根密钥（此处为 {known}）。未更改任何文件。",
            en=f"these shares are of another root key (here it is {known}); no file was changed.",
        )
    holder, before = rollover.holder_of(config.key_file, root), None
    if first is not None and not isinstance(
        holder, RolledHolder
    ):  # the key file is lost, and with it the chain of earlier root keys
        before = rollover.chained(root, [FileHolder(first)], renewing=True)
        holder = RolledHolder(root, before, config.key_file)
    record(config, holder, {"change": "key_recovered"})
    ensure_private_dir(config.keyd_dir)
    keyfile.replace(config.key_file, root, passphrase, before=before)
    return holders.describe(config.key_file)


def record(config: Config, holder: FileHolder, detail: dict[str, str | int]) -> None:
    """Write the planned operation to the ledger, once for every tenant in it."""
    storage = LocalStorage(config.ledger_dir)
    tenants = sorted({name.rpartition("-")[0] for name in storage.shards()})
    if not tenants:
        return
    keys = LedgerKeys.of_installation(bytes(holder.derive(Purpose.LEDGER)))
    with Ledger.open(storage, keys) as ledger:
        ledger.append([
            Entry(
                time_us=wall_clock(), kind=EntryKind.KEY, tenant=tenant, actor="shell", detail=dict(detail),
                purpose=LedgerPurpose.MAINTENANCE,
            )
            for tenant in tenants
        ])  # fmt: skip


def _key_id(path: Path) -> str:
    try:
        return holders.describe(path).key_id
    except KeysError:  # missing or damaged, which is when shares are used
        return ""
