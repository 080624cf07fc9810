"""Add an inspector and a leaver to the demo, and overtime for everyone, so that tests can run at any hour.

Prints the user ids by sign-in name.
"""

import json
import sys

from waybillguard.service.operations.start import start_django


def main() -> None:
    start_django()
    from datetime import timedelta

    from django.utils import timezone
    from django_scopes import scope

    from waybillguard.service.authorization.models import Overtime
    from waybillguard.service.identity.models import Employment, Role, User
    from waybillguard.service.tenancy.models import Tenant

    tenant, now = Tenant.objects.get(), timezone.now()
    owner, other = User.objects.get(username="owner"), User.objects.get(username="supervisor")
    with scope(tenant=tenant):
        inspector = User.objects.create_user(username="inspector", tenant=tenant, role=Role.INSPECTOR)
        day = timezone.localdate()
        Employment.objects.create(
            tenant=tenant, user=inspector, identity_checked_on=day, employed_from=day - timedelta(days=30)
        )
        leaver = User.objects.create_user(
            username="leaver", tenant=tenant, role=Role.CLERK, display_name="临时工小钱"
        )
        Employment.objects.create(tenant=tenant, user=leaver, identity_checked_on=day, employed_from=day)
        people = {user.username: user for user in User.objects.filter(tenant=tenant)}
        for user in people.values():
            Overtime.objects.create(
                tenant=tenant, person=user, start=now - timedelta(hours=1), end=now + timedelta(hours=4),
                reason="test", granted_by=other if user == owner else owner,
            )  # fmt: skip
    sys.stdout.write(json.dumps({name: user.pk for name, user in people.items()}))


main()
