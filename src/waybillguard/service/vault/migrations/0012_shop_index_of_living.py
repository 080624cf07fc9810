from django.db import migrations, models

LIVING = models.Index(
    fields=["tenant", "shop", "id"], name="order_shop_living", condition=models.Q(shredded_at=None)
)


def build(apps, schema_editor):
    """Build the index beside imports; one that a killed build left there is not valid and goes first."""
    connection = schema_editor.connection
    quietly = connection.vendor == "postgresql" and not connection.in_atomic_block
    word = "CONCURRENTLY" if quietly else ""
    schema_editor.execute(f"DROP INDEX {word} IF EXISTS {LIVING.name}")
    schema_editor.add_index(
        apps.get_model("vault", "Order"), LIVING, **({"concurrently": True} if quietly else {})
    )
    schema_editor.execute(f"DROP INDEX {word} IF EXISTS order_shop")


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY goes without a transaction; a killed run is begun anew

    dependencies = [("vault", "0011_look_days")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(build, migrations.RunPython.noop)],
            state_operations=[
                migrations.RemoveIndex(model_name="order", name="order_shop"),
                migrations.AddIndex(model_name="order", index=LIVING),
            ],
        ),
    ]
