"""Race twelve calls with an old sign-in, each shredding three single orders; print the responses."""

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec

from waybillguard.service.operations.start import load_rooms, start_django

RACING = 12
EACH = 3


def main() -> None:
    start_django()
    load_rooms()
    from django.db import connection
    from django.test import Client
    from django.utils import timezone
    from django_scopes import scope

    from waybillguard.cli.remote import TokenFile
    from waybillguard.service.authorization.principal import STEP_UP_S
    from waybillguard.service.identity.grant import split_grant, with_grant
    from waybillguard.service.identity.models import ShellToken, User
    from waybillguard.service.keyd.destroying import FEW_A_DAY
    from waybillguard.service.platform.config import Config, default_data_dir
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Order, Shredded

    tenant = Tenant.objects.get()
    secret, token = ShellToken.issue(User.objects.get(username="owner"), "race", timezone.now())
    # keyd sees the grant of the CLI's own sign-in, the service an old one.
    kept = msgspec.json.decode(Config(default_data_dir()).token_file.read_bytes(), type=TokenFile).token
    secret = with_grant(secret, split_grant(kept)[1])
    ShellToken.objects.filter(pk=token.pk).update(
        created_at=timezone.now() - timedelta(seconds=2 * STEP_UP_S)
    )
    with scope(tenant=tenant):
        orders = list(Order.objects.order_by("-pk").values_list("pk", flat=True)[: RACING * EACH])

    def shred(number: int) -> int:
        client = Client(headers={"authorization": f"Bearer {secret}", "host": "localhost"})
        ids = orders[number * EACH : (number + 1) * EACH]
        try:
            return client.post(
                "/api/v1/shred", {"scope": "orders", "ids": ids}, content_type="application/json", secure=True
            ).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(RACING) as pool:
        said = Counter(pool.map(shred, range(RACING)))
    with scope(tenant=tenant):
        gone = Order.objects.exclude(shredded_at=None).count()
        acts = Shredded.objects.count()
    sys.stdout.write(json.dumps({"few": FEW_A_DAY, "each": EACH, "said": said, "gone": gone, "acts": acts}))


main()
