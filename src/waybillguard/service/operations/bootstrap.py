"""Prepare the database before the servers start: migrations, the first owner, the demo warehouse.

Prints one JSON line: ``{"link": secret of the first sign-in, or "", "station": code for the demo's station, or ""}``.
"""

import argparse
import json
import sys

from waybillguard.service.operations.schema_state import (
    EarlierStateError,
    OtherInstallationError,
    migrate,
    refuse_other_installation,
)
from waybillguard.service.operations.start import start_django
from waybillguard.service.platform.lifeline import end_at_once


def main() -> None:
    """Migrate; on the first run, create a tenant and its owner."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--hub", default="")
    options = parser.parse_args()
    start_django()
    from django.db import DatabaseError
    from django.utils import timezone
    from django_scopes import scope

    from waybillguard.service.identity.accounts.factors import expect
    from waybillguard.service.identity.models import OneTimeLink, Role, User
    from waybillguard.service.tenancy.models import Tenant

    try:
        migrate()
        _refuse_other_installation()
    except (EarlierStateError, OtherInstallationError) as error:
        sys.exit(f"{error.zh}\n{error.en}")
    except DatabaseError as error:
        cause = getattr(error.__cause__, "sqlite_errorname", "") or type(error).__name__
        sys.exit(f"数据库无法使用（{cause}）\nthe database cannot be used ({cause})")
    from waybillguard.service.vault.shred import replay_shredded

    # Shred again what was shredded after a restored backup was made.
    replay_shredded()
    owner = User.objects.filter(role=Role.OWNER).order_by("pk").first()
    fresh = owner is None
    if owner is None:
        tenant = Tenant.objects.create(
            slug="demo" if options.demo else "main",
            name="演示云仓" if options.demo else options.hub or "我的云仓",
            carrier="simulator" if options.demo else "",
        )
        owner = User.objects.create_user(username="owner", tenant=tenant, role=Role.OWNER)
        owner.set_unusable_password()
        owner.save()
    if options.hub and owner.tenant is not None:
        from waybillguard.service.hub.towns import open_town

        with scope(tenant=owner.tenant):
            open_town(owner.tenant, options.hub)
    link = ""
    if not owner.has_usable_password():
        link = OneTimeLink.issue(owner, timezone.now())
        expect(owner, owner)
    station = ""
    if options.demo and fresh:
        from waybillguard.service.operations.demo import fill_demo, station_code

        fill_demo(owner)
        station = station_code(owner)
    sys.stdout.write(json.dumps({"link": link, "station": station}) + "\n")


def _refuse_other_installation() -> None:
    """Refuse a database of another data folder; skipped if the key file, which lists earlier keys, is unreadable."""
    from django.conf import settings

    from waybillguard.keys import holders, rollover

    path = settings.CONFIG.key_file
    if path.exists():
        refuse_other_installation(holders.describe(path).key_id, rollover.earlier_ids(path))


if __name__ == "__main__":
    main()
    end_at_once()
