"""The upgrade that leaves no two sign-in names that differ by case alone."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from waybillguard.service.identity.models import User

migration = import_module(
    "waybillguard.service.people.migrations.0009_name_in_any_case"
)  # its name begins with a digit


@pytest.mark.parametrize(
    ("names", "after"),
    [
        (["bob", "Bob", "Bob.2"], ["bob", "Bob.3", "Bob.2"]),
        (["bob.2", "Bob", "bob", "BOB"], ["bob.2", "Bob", "bob.3", "BOB.4"]),
        (["ann", "bob"], ["ann", "bob"]),
    ],
)
def test_the_oldest_keeps_the_name_and_no_number_is_somebody_elses(
    warehouse: SimpleNamespace, names: list[str], after: list[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX people_user_name_in_any_case")
    people = [User.objects.create(username=name, tenant=warehouse.tenant).pk for name in names]
    migration.part_twins(apps, None)
    assert [User.objects.get(pk=one).username for one in people] == after
