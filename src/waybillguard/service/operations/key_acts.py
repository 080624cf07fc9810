"""What is done to the root key while the service stands still: another holder, shares, recovery.

Each is written to the ledger before it is done, under every tenant that the ledger knows.
"""

from pathlib import Path

from waybillguard.keys import holders, keyfile
from waybillguard.keys.errors import KeysError
from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerKeys, LocalStorage, wall_clock
from waybillguard.ledger import Purpose as LedgerPurpose
from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.operations.backup_lock import refuse_running
from waybillguard.service.platform.config import Config, ensure_private_dir


def change_holder(
    config: Config, old_secret: str, holder: str, settings: dict[str, str], secret: str
) -> holders.Described:
    """Have another holder keep the same root key. Orders, indexes and the ledger stay as they are.

    Raises:
        BackupError: the service runs.
        KeysError: the old secret or the new holder says no; the file is as it was.
    """
    refuse_running(config)
    root = holders.unlock(config.key_file, old_secret)
    record(config, root, {"change": "key_holder", "holder": holder})
    holders.hold(config.key_file, root, holder, settings, secret, replace=True)
    return holders.describe(config.key_file)


def make_shares(config: Config, secret: str, needed: int, shares: int) -> list[str]:
    """Give the root key in shares; they are kept nowhere.

    Raises:
        BackupError: the service runs.
        KeysError: the secret does not open the key, or the numbers make no sense.
    """
    from waybillguard.keys import escrow

    refuse_running(config)
    root = holders.unlock(config.key_file, secret)
    lines = escrow.split(root, needed, shares)
    record(config, root, {"change": "key_shares", "needed": needed, "shares": shares})
    return lines


def recover(config: Config, lines: list[str], passphrase: str) -> holders.Described:
    """Seal the root key that shares give under a passphrase, in the place of a key file that does not open.

    Raises:
        BackupError: the service runs, or the shares are those of another installation.
        KeysError: the shares give no key, or the passphrase is too short.
    """
    from waybillguard.keys import escrow

    refuse_running(config)
    root = escrow.join(lines)
    if (known := _key_id(config.key_file)) not in {"", root.key_id}:
        raise BackupError(
            zh=f"这些分片属于另一把根密钥 (此处为 {known})。未更改任何文件。",
            en=f"these shares are of another root key (here it is {known}); no file was changed",
        )
    record(config, root, {"change": "key_recovered"})
    ensure_private_dir(config.keyd_dir)
    keyfile.replace(config.key_file, root, passphrase)
    return holders.describe(config.key_file)


def record(config: Config, root: RootKey, detail: dict[str, str | int]) -> None:
    """Write to the ledger what is about to be done, once for every tenant it knows."""
    storage = LocalStorage(config.ledger_dir)
    tenants = sorted({name.rpartition("-")[0] for name in storage.shards()})
    if not tenants:
        return
    keys = LedgerKeys.of_installation(bytes(FileHolder(root).derive(Purpose.LEDGER)))
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
    except KeysError:  # missing or damaged: that is what shares are for
        return ""
