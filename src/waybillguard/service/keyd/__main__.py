"""Run keyd: unlock the root key with the secret from standard input, open the ledger, serve requests."""

import argparse
import contextlib
import logging
import os
import pwd
import resource
import signal
import sys
import threading
from functools import partial
from pathlib import Path

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.keys import holders, keyfile, rollover
from waybillguard.keys.harden import dumps_nothing, harden_process, lock_memory
from waybillguard.keys.hierarchy import FileHolder, Purpose
from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.mirror_folder import FolderMirror
from waybillguard.service.keyd import messages, rolling
from waybillguard.service.keyd.callers import Callers
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.keeper import Handle, Keeper
from waybillguard.service.keyd.operations import SERVICE_SECRETS, Operations
from waybillguard.service.keyd.people import People
from waybillguard.service.keyd.server import KeydServer
from waybillguard.service.keyd.shredlog import ShredList
from waybillguard.service.keyd.timestamping import Timestamping
from waybillguard.service.keyd.witnesses import Witnesses
from waybillguard.service.platform.config import Config, ensure_private_dir
from waybillguard.service.platform.disk import WORDS, is_full
from waybillguard.service.platform.lifeline import StopFlag, end_with_parent
from waybillguard.service.platform.logs import OnceAMinute
from waybillguard.structs import build_structs

_FILES = 65_536


def service_secret(holder: FileHolder, request: messages.Request) -> messages.Secret:
    """Derive a secret of the service itself. None of these opens an order, so the ledger is not needed.

    Raises:
        RequestRefusedError: there is no such secret.
    """
    if not isinstance(request, messages.Derive) or request.purpose not in SERVICE_SECRETS:
        raise RequestRefusedError(zh="没有这种服务密钥", en="there is no such service secret")
    return messages.Secret(holder.derive(Purpose.SERVICE, request.purpose.encode()).hex())


def _read_secrets(options: argparse.Namespace) -> tuple[str, Callers]:
    """Read the passphrase and the callers' secret from systemd credential files or from two lines of standard input."""
    if options.credentials is None:
        passphrase, secret = (sys.stdin.readline().rstrip("\n") for _ in range(2))
    else:
        passphrase, secret = (
            (options.credentials / name).read_text(encoding="utf-8").strip()
            for name in ("passphrase", "callers")
        )
    return passphrase, Callers(bytes.fromhex(secret))


def _open_root(config: Config, secret: str) -> rollover.Opened:
    if config.key_file.exists():
        return rollover.open_root(config.key_file, secret)
    return rollover.Opened(FileHolder(keyfile.create(config.key_file, secret)), staged=False)


def _add_protections(handle: Handle, kept: holders.Described, protections: dict[str, bool]) -> Handle:
    """Add to keyd's status where the root key is kept and which protections of this process are active."""
    there = [name for name, in_force in protections.items() if in_force]

    def answer(request: messages.Request) -> object:
        found = handle(request)
        if isinstance(found, messages.StatusAnswer):
            return msgspec.structs.replace(found, holder=kept.holder, key_id=kept.key_id, protections=there)
        return found

    return answer


def _open_many_files() -> None:
    """Raise the limit of open files to the system's maximum: each part of the ledger keeps several open."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(most, _FILES)), most))


def main() -> int:
    """Serve until told to stop; 2 when the key file or the ledger cannot be opened."""
    end_with_parent()
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--demo", action="store_true", help="a new folder begins as a demo")
    parser.add_argument(
        "--credentials", type=Path, help="a folder with passphrase and callers, in place of standard input"
    )
    parser.add_argument("--user", action="append", default=[], help="a user whose processes may ask as well")
    options = parser.parse_args()
    config = Config(options.data)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger().handlers[0].addFilter(OnceAMinute())
    harden_process()
    _open_many_files()
    locked = lock_memory()
    passphrase, callers = _read_secrets(options)
    users = frozenset(pwd.getpwnam(name).pw_uid for name in options.user)
    try:
        ensure_private_dir(config.keyd_dir)
        opened = _open_root(config, passphrase)
        del passphrase
        holder = opened.holder
        shredded = ShredList(config.shred_list, bytes(holder.derive(Purpose.SERVICE, b"shred list")))
        people = People(holder, config.people_file)
        if options.demo and not config.ledger_dir.exists():
            people.begin_demo()

        def operations(ledger: Ledger) -> Handle:
            if opened.staged:
                rolling.take_into_use(ledger, holder)
            return Operations(holder, ledger, shredded=shredded, people=people).handle

        keeper = Keeper(
            LocalStorage(config.ledger_dir, mirror=FolderMirror.configured(config.mirror_file)),
            LedgerKeys.of_installation(bytes(holder.derive(Purpose.LEDGER))),
            Witnesses(config.witness_file),
            Timestamping(config.timestamp_file, config.timestamp_roots),
            operations,
            partial(service_secret, holder),
        )
        build_structs()
        keeper.start()
    except WaybillGuardError as error:
        sys.stderr.write(f"{error.zh}\n{error.en}\n")
        return 2
    except OSError as error:
        if not is_full(error, config.data_dir):
            raise
        sys.stderr.write("\n".join((*WORDS, "")))
        return 2
    if not users:  # otherwise the systemd unit created the folder and set its permissions
        ensure_private_dir(config.keyd_socket.parent)
    protections = {
        "no_core": dumps_nothing(), "memory_locked": locked, "own_user": bool(users - {os.getuid()}),
        "callers": callers.distinguished,
    }  # fmt: skip
    handle = _add_protections(keeper.handle, holders.describe(config.key_file), protections)
    server = KeydServer(config.keyd_socket, handle, callers, users, config.data_dir)
    stop = StopFlag()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stop.wait()
    server.shutdown()
    config.keyd_socket.unlink(missing_ok=True)
    keeper.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
