"""Migrations run while the version before still serves: what a new one may not do, and what was made before the rule.

A column that is added must be null or have a default in the database, because the older program inserts without it.
Nothing is taken away or renamed, because the older program still reads it.
"""

from collections.abc import Iterator

from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

OURS = "waybillguard."
TAKES_AWAY = (
    migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel,
    migrations.AlterModelTable,
)  # fmt: skip
BEFORE_THE_RULE = frozenset({
    "exports.0002_claim_and_device AddField export claim",
    "exports.0002_claim_and_device AddField export device",
    "exports.0002_claim_and_device AddField export station",
    "exports.0003_table AddField export table",
    "people.0005_user_shared AddField user shared",
    "printing.0004_stations AddField labelrun reason",
    "printing.0004_stations AddField ticket how",
    "printing.0004_stations AddField ticket job_sha256",
    "printing.0004_stations AddField ticket lease",
    "printing.0004_stations AddField ticket position",
    "printing.0004_stations AddField ticket reported",
    "vault.0003_known_from AddField batch known_from",
    "vault.0009_shredded_words AddField shredded certificate",
})  # fmt: skip


def breaking() -> Iterator[str]:
    """Yield what the operations of our migrations do that an older program would stumble over."""
    for migration in MigrationLoader(None).disk_migrations.values():
        if migration.initial or not type(migration).__module__.startswith(OURS):
            continue
        made = {op.name.lower() for op in migration.operations if isinstance(op, migrations.CreateModel)}
        for operation in migration.operations:
            if isinstance(operation, migrations.AddField):
                field = operation.field
                filled = field.null or field.many_to_many or field.db_default is not NOT_PROVIDED
                if filled or operation.model_name.lower() in made:
                    continue
            elif not isinstance(operation, TAKES_AWAY):
                continue
            model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
            field_name = operation.name if hasattr(operation, "model_name") else ""
            yield f"{migration.app_label}.{migration.name} {type(operation).__name__} {model} {field_name}".strip()


def test_a_new_migration_leaves_the_version_before_working() -> None:
    assert set(breaking()) - BEFORE_THE_RULE == set()


def test_what_was_before_the_rule_is_still_there() -> None:
    assert set(breaking()) >= BEFORE_THE_RULE
