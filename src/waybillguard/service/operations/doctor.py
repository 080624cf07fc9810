"""``waybillguard doctor``: run all checks on a running or stopped service. Read-only."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from waybillguard.errors import reason_in_chinese
from waybillguard.keys import holders, rollover
from waybillguard.keys.errors import KeysError
from waybillguard.ledger import EntryKind
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.fsck import PUBLISHED, fsck
from waybillguard.ledger.local import LocalStorage
from waybillguard.ledger.merkle import leaf_hash
from waybillguard.ledger.note import parse_vkey
from waybillguard.ledger.view import ShardView
from waybillguard.sandbox import launch
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydError
from waybillguard.service.keyd.shredlog import ShredLine
from waybillguard.service.operations.isolation import Part, launch_of
from waybillguard.service.operations.ledger_age import missing_entries
from waybillguard.service.operations.schema_state import (
    DamagedDatabaseError,
    EarlierStateError,
    refuse_other_folder,
)
from waybillguard.service.platform.config import Config
from waybillguard.service.platform.health import Check, State, certificate, database, machine
from waybillguard.service.platform.lifeline import FolderLock
from waybillguard.service.tenancy.protections import lacking_here, protections

_OLD_LEDGER: Final = (
    "停止服务，把台账目录换回最新的副本，或从镜像、备份恢复。",
    "Stop the service and put the newest copy of the ledger's folder back, or recover it from mirror or backup.",
)
_PROBE = "waybillguard.service.operations.probe"


def examine(config: Config, now: datetime | None = None, *, quick: bool = False) -> Iterator[Check]:
    """Yield the result of each check, the cheap ones first.

    Args:
        config: the installation; its service may be running.
        now: the time, UTC.
        quick: skip checks that read whole files (database pages, ledger entries).
    """
    moment = now or datetime.now(UTC)
    yield machine.processes(config)
    yield machine.disk(config)
    yield machine.clock(config, moment)
    yield from _keys(config)
    yield from certificate.certificates(config, moment)
    state = keyd_state(config)
    if state is not None and not state.healthy:
        yield Check(
            "keyd", State.DAMAGED, state.problem_zh or "台账未在写入，密钥进程拒绝打开数据",
            state.problem_en or "the ledger does not write; keyd opens nothing",
        )  # fmt: skip
    yield from protections(state, _lacking(config))
    if _is_there(_passphrase(config)):
        yield _probed(config)
    yield _version(config)
    yield from database.database(config, quick=quick)
    if not quick:
        yield from _ledger(config)


def keyd_state(config: Config) -> messages.StatusAnswer | None:
    """Return keyd's status; None if it does not answer."""
    client = KeydClient(config.keyd_socket, timeout=10.0, patience=0)
    try:
        return client.call(messages.Status(), messages.StatusAnswer)
    except KeydError:
        return None
    finally:
        client.close()


def children_of(config: Config) -> dict[str, int]:
    """Return the pids of the running service by name: keyd, worker, web."""
    names = {"service.keyd": "keyd", "operations.worker": "worker", "operations.web": "web"}
    found: dict[str, int] = {}
    for pid in FolderLock(config.service_lock).holders():
        words = _read(pid, "cmdline").decode(errors="replace")
        name = next(
            (name for part, name in names.items() if part in words and "sandbox.launch" not in words), ""
        )
        if name:
            found.setdefault(name, pid)
    return found


# --- parts ------------------------------------------------------------------------------------------------------


def _version(config: Config) -> Check:
    try:
        refuse_other_folder(config)
    except (EarlierStateError, DamagedDatabaseError) as error:
        return Check("schema", State.DAMAGED, error.zh, error.en)
    return Check("schema", State.GOOD, "数据与程序版本一致", "the data is of this version")


def _keys(config: Config) -> Iterator[Check]:
    if not config.key_file.exists():
        begun = config.people_file.exists()
        yield Check(
            "root_key", State.DAMAGED if begun else State.GOOD,
            "根密钥文件 root.key 不见了" if begun else "尚未建立根密钥",
            "the key file root.key is gone" if begun else "there is no root key yet",
            "请从备份恢复，或用分片恢复：waybillguard keys recover" if begun else "",
            "Restore a backup, or join the shares: waybillguard keys recover" if begun else "",
        )  # fmt: skip
        return
    try:
        kept = holders.describe(config.key_file)
    except KeysError as error:
        yield Check("root_key", State.DAMAGED, error.zh, error.en)
        return
    yield Check(
        "root_key", State.GOOD, f"根密钥 {kept.key_id} 可读", f"the root key {kept.key_id} can be read"
    )
    if rollover.staged_file(config.key_file).exists() or rollover.is_renewing(config.key_file):
        yield Check(
            "rollover", State.WARNING, "根密钥的更换尚未完成，旧根密钥仍能打开一部分密钥",
            "a rollover of the root key is unfinished: the old one still opens some keys",
            "请再次运行 waybillguard keys rollover，它会接着做完。",
            "Run waybillguard keys rollover again; it goes on where it ended.",
        )  # fmt: skip
    if kept.needs_secret:
        yield _passphrase_check(config)


def _passphrase(config: Config) -> Path:
    return config.passphrase_file


def _is_there(path: Path) -> bool:
    """Tell whether the file exists, as far as this user can see."""
    try:
        return path.exists()
    except PermissionError:
        return False


def _passphrase_check(config: Config) -> Check:
    path = _passphrase(config)
    try:
        there = path.exists()
    except PermissionError:
        return Check(
            "passphrase", State.UNKNOWN, f"当前用户无法查看口令文件 {path}", f"this user cannot look at the passphrase file {path}",
            "请以运行服务的用户执行 doctor。", "Run doctor as the user of the service.",
        )  # fmt: skip
    if not there:
        return Check(
            "passphrase", State.WARNING, f"找不到口令文件 {path}，下次启动时需要输入口令",
            f"there is no passphrase file {path}; the next start asks for it",
            "请确认保险柜中有口令副本。", "Make sure that a copy lies in the safe.",
        )  # fmt: skip
    if path.resolve().is_relative_to(config.data_dir.resolve()):
        return Check(
            "passphrase", State.MISSING, "口令文件在数据目录里：拿走数据目录的人能打开它",
            "the passphrase lies in the data folder: who carries it off can open it",
            "请把口令文件移到别处，用 WAYBILLGUARD_PASSPHRASE_FILE 指明。",
            "Move it elsewhere and name it in WAYBILLGUARD_PASSPHRASE_FILE.",
        )  # fmt: skip
    if path.stat().st_mode & 0o077:
        return Check(
            "passphrase", State.MISSING, f"其他用户可读取口令文件 {path}", f"others can read the passphrase file {path}",
            f"请执行 chmod 600 {path}", f"Run chmod 600 {path}",
        )  # fmt: skip
    return Check(
        "passphrase",
        State.GOOD,
        "口令文件仅本用户可读，不在数据目录",
        "the passphrase is this user's alone, elsewhere",
    )


def _lacking(config: Config) -> set[str]:
    """Return the missing sandbox features as recorded by the running service, else as this kernel reports them."""
    told: set[str] = set()
    asked = False
    for name, pid in children_of(config).items():
        if name == "keyd":
            continue
        for line in _read(pid, "environ").split(b"\0"):
            key, _, value = line.decode(errors="replace").partition("=")
            if key == launch.LACKING:
                asked = True
                told |= set(filter(None, value.split(",")))
    return told if asked else lacking_here()


def _probed(config: Config) -> Check:
    """Start a program in the web process's sandbox that tries to open the secrets."""
    paths = [
        str(path) for path in (_passphrase(config), config.key_file, config.people_file) if _is_there(path)
    ]
    command = launch.command(launch_of(config, Part.WEB), _PROBE, *paths)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own module
    try:
        opened = json.loads(done.stdout)
    except ValueError:
        return Check("attempt", State.UNKNOWN, "未能完成试读", "the attempt did not run", "", "")
    if opened:
        names = ", ".join(Path(path).name for path in opened)
        return Check(
            "attempt", State.MISSING, f"以控制台进程的权限试读，打开了：{names}",
            f"a program with the web process's rights could open: {names}",
            "请把口令文件移到仅服务使用的目录，例如 /etc/waybillguard。",
            "Keep the passphrase in a folder of its own, such as /etc/waybillguard.",
        )  # fmt: skip
    return Check(
        "attempt", State.GOOD, "以控制台进程的权限试读口令和密钥文件：均被拒绝",
        "tried with the web process's rights: passphrase and key files were refused",
    )  # fmt: skip


def _ledger(config: Config) -> Iterator[Check]:
    storage = LocalStorage(config.ledger_dir)
    entries: dict[str, int] = {}
    receipts = missing_entries(
        config, {}
    )  # read the receipts first, because a running ledger grows meanwhile
    for name in storage.shards():
        yield _shard(storage, name)
        entries[name] = _entries(storage, name)
    for found in receipts:
        if found.receipt >= entries.get(found.shard, 0):
            gone = found._replace(entries=entries.get(found.shard, 0))
            yield Check("ledger", State.DAMAGED, gone.zh, gone.en, *_OLD_LEDGER)
    shredded = _shreddings(storage)  # read before the shred list, for the same reason
    if shredded or config.shred_list.exists():
        yield _shred_list(config.shred_list, shredded)


def _entries(storage: LocalStorage, name: str) -> int:
    try:
        with closing(storage.shard(name, read_only=True)) as store:
            head = store.head()
    except (LedgerError, OSError):
        return 0
    return 0 if head is None else head.size


def _shard(storage: LocalStorage, name: str) -> Check:
    published = storage.folder / name / "checkpoint"
    try:
        note = published.read_bytes() if published.is_file() else None
        with closing(storage.shard(name, read_only=True)) as store:
            vkeys = store.meta("vkeys")
            result = fsck(
                store, note, [parse_vkey(line) for line in vkeys.decode().split("\n")] if vkeys else []
            )
    except (LedgerError, OSError) as error:
        zh, en = (
            (error.zh, error.en)
            if isinstance(error, LedgerError)
            else (reason_in_chinese(error), str(error.strerror))
        )
        return Check("ledger", State.DAMAGED, f"台账 {name}：{zh}", f"ledger {name}: {en}")
    # A running ledger may sign a checkpoint between the two reads, which is not an error.
    problems = [problem for problem in result.problems if problem.place != PUBLISHED]
    if not problems:
        return Check(
            "ledger",
            State.GOOD,
            f"台账 {name} 完整（{result.entries} 条）",
            f"ledger {name} is whole ({result.entries} entries)",
        )
    worst = min(problems, key=lambda problem: ["damaged", "interrupted", "rebuildable"].index(problem.kind))
    more = f" (+{len(problems) - 1})" if len(problems) > 1 else ""
    zh, en = f"台账 {name} {worst.place}：{worst.zh}{more}", f"ledger {name}, {worst.place}: {worst.en}{more}"
    if worst.kind == "interrupted":
        return Check("ledger", State.GOOD, zh, en)
    if worst.kind == "rebuildable":
        return Check(
            "ledger", State.WARNING, zh, en, "停止服务后执行 waybillguard ledger fsck --repair",
            "Stop the service and run waybillguard ledger fsck --repair",
        )  # fmt: skip
    return Check(
        "ledger", State.DAMAGED, zh, en, "不要修改台账文件；先备份整个目录，再从镜像或备份恢复。",
        "Do not touch the ledger's files: back up the folder, then recover from a mirror or a backup.",
    )  # fmt: skip


def _shred_list(path: Path, shredded: set[str]) -> Check:
    lines = [line for line in path.read_bytes().splitlines() if line] if path.exists() else []
    bad, marks = 0, set()
    for line in lines:
        try:
            marks.add(msgspec.json.decode(line, type=ShredLine).mark)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            bad += 1
    if lost := len(shredded - marks):
        return Check(
            "shred_list", State.DAMAGED, f"台账中的 {lost} 次销毁不在销毁名单里",
            f"{lost} shreddings in the ledger do not stand in the shred list",
            "请从备份取回 shredded.jsonl：缺行会让已销毁的订单重新可读。如当时销毁报错（磁盘满），请重新销毁一次。",
            "Bring shredded.jsonl back from a backup: without its lines what was shredded opens again. Where the "
            "shredding itself failed at the time (a full disk), shred again.",
        )  # fmt: skip
    if bad:
        return Check(
            "shred_list", State.DAMAGED, f"销毁名单有 {bad} 行无法读取", f"{bad} lines of the shred list cannot be read",
            "请从备份取回 shredded.jsonl：缺行会让已销毁的订单重新可读。",
            "Bring shredded.jsonl back from a backup: without its lines what was shredded opens again.",
        )  # fmt: skip
    return Check(
        "shred_list",
        State.GOOD,
        f"销毁名单可读（{len(lines)} 行）",
        f"the shred list can be read ({len(lines)} lines)",
    )


def _shreddings(storage: LocalStorage) -> set[str]:
    """Return the leaf hash (hex) of every shredding in the ledger."""
    found = set()
    for name in storage.shards():
        try:
            with closing(storage.shard(name, read_only=True)) as store:
                view = ShardView(store)
                for data in view.entries(0, view.size):
                    leaf = decode_leaf(data)
                    if isinstance(leaf, Leaf) and leaf.kind == EntryKind.SHRED:
                        found.add(leaf_hash(data).hex())
        except (LedgerError, OSError):
            continue  # reported by the shard's own check
    return found


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def started_at(pid: int) -> datetime | None:
    """Return when a process started (UTC); None if unknown."""
    try:
        return datetime.fromtimestamp(os.stat(f"/proc/{pid}").st_mtime, UTC)  # noqa: PTH116 - a folder of the kernel
    except OSError:
        return None
