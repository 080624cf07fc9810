"""Backup, restore, move and key rotation, each in a process of its own with Django set up on the right folder.

Started by the command line. Secrets arrive on standard input: for a restore the passphrase; for a move the URL of the
new database and its password, one per line.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import msgspec

from waybillguard.service.operations.trouble import explained
from waybillguard.service.platform.lifeline import end_at_once


def main() -> int:
    """Run one operation and print its summary as JSON; on failure print a message in both languages and return 2."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["backup", "restore", "move", "renew"])
    parser.add_argument("argument")
    parser.add_argument("--current", type=Path)
    options = parser.parse_args()
    act = {"backup": _backup, "restore": _restore, "move": _move, "renew": _renew}[options.what]

    def work() -> None:
        sys.stdout.write(json.dumps(msgspec.to_builtins(act(options))) + "\n")

    return explained(work)


def _backup(options: argparse.Namespace) -> object:
    from waybillguard.service.operations.start import start_django

    start_django()
    from django.conf import settings

    from waybillguard.service.identity.context import context_of
    from waybillguard.service.operations.backup import make_backup
    from waybillguard.service.operations.shell import signed_in_owner
    from waybillguard.service.tenancy.key_process import keyd

    context = context_of(signed_in_owner(settings.CONFIG), workstation="console", purpose="shell")
    return make_backup(settings.CONFIG, Path(options.argument), keyd(), context)


def _renew(_options: argparse.Namespace) -> object:
    from waybillguard.service.operations.start import start_django

    start_django()
    from django.conf import settings

    from waybillguard.service.identity.context import context_of
    from waybillguard.service.operations.key_renewal import renew_all
    from waybillguard.service.operations.shell import signed_in_owner
    from waybillguard.service.tenancy.key_process import keyd

    context = context_of(signed_in_owner(settings.CONFIG), workstation="console", purpose="shell")
    return renew_all(settings.CONFIG, keyd(), context)


def _restore(options: argparse.Namespace) -> object:
    _plain_django()
    from waybillguard.service.operations.backup_archive import ArchiveReader
    from waybillguard.service.operations.backup_restore import Restoring
    from waybillguard.service.platform.config import Config, default_data_dir

    passphrase = sys.stdin.readline().rstrip("\n")
    current = Config(options.current) if options.current else None
    return Restoring(ArchiveReader(Path(options.argument)), Config(default_data_dir()), current).run(
        passphrase
    )


def _move(_options: argparse.Namespace) -> object:
    url, password = (sys.stdin.readline().rstrip("\n") for _ in range(2))
    _plain_django()
    from waybillguard.service.operations.database_move import move_database

    moved = move_database(url, password)
    return {"tables": len(moved.sums), "rows": moved.rows, "sums": moved.sums}


def _plain_django() -> None:
    """Set up Django without keyd: no requests are served, so no secret is needed."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waybillguard.service.platform.settings")
    django.setup()


if __name__ == "__main__":
    end_at_once(main())
