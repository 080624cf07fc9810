"""Add to one joint case from eight authorities at once; print the number of attempts and the case's content.

Runs on its own database (``WAYBILLGUARD_HOME``, ``WAYBILLGUARD_DATABASE_URL``) and needs no other process.
"""

import json
import os
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import django

from waybillguard.service.platform.config import use_process_secret

AUTHORITIES = (
    "procuratorate",
    "police",
    "cac",
    "post",
    "market",
    "market_committee",
    "state_security",
    "justice",
)
EACH = 5


def main() -> None:
    Path(os.environ["WAYBILLGUARD_HOME"]).mkdir(mode=0o700, parents=True)
    use_process_secret(secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "waybillguard.service.platform.settings"
    django.setup()
    from django.db import connection
    from django_scopes import scope

    from waybillguard.inspect.cases import Event
    from waybillguard.service.cases.joint import ChangedError, append, open_joint, read
    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.operations.schema_state import migrate
    from waybillguard.service.tenancy.models import Tenant

    migrate()
    tenant = Tenant.objects.create(slug="town", name="town")
    owner = User.objects.create_user(username="owner", tenant=tenant, role=Role.OWNER)
    day = date(2026, 11, 2)
    with scope(tenant=tenant):
        joint = open_joint(
            owner,
            "procuratorate",
            "测试案",
            "post",
            AUTHORITIES,
            Event(on=day, kind="open", actor="procuratorate"),
        )

    def work(authority: str) -> tuple[int, int]:
        """Write like a person: read, write, and after a conflict read again and retry."""
        refused = unseen = 0
        with scope(tenant=tenant):
            for number in range(EACH):
                event = Event(on=day, kind="served", actor=authority, note=f"{authority} {number}")
                seen = read(joint).version
                while True:
                    try:
                        append(joint, seen, "event", event, by=owner, authority=authority)
                        break
                    except ChangedError as error:
                        refused += 1
                        unseen += not error.since
                        seen = read(joint).version
        connection.close()
        return refused, unseen

    with ThreadPoolExecutor(len(AUTHORITIES)) as pool:
        told = list(pool.map(work, AUTHORITIES))
    with scope(tenant=tenant):
        file = read(joint)
    notes = sorted(event.note for event in file.course.events if event.note)
    sys.stdout.write(
        json.dumps({"version": file.version, "notes": notes, "refused": sum(one for one, _ in told),
                    "unseen": sum(two for _, two in told)})
    )  # fmt: skip


main()
