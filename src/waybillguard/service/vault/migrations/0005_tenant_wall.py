from django.db import migrations

from waybillguard.service.walls import Wall, wall


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0004_key_generations"),
    ]

    operations = [
        wall(
            Wall("vault_batch"),
            Wall("vault_epoch"),
            Wall("vault_gramchunk"),
            Wall("vault_gramplan"),
            Wall("vault_idempotencykey"),
            Wall("vault_keygeneration"),
            Wall("vault_order"),
            Wall("vault_posting"),
            Wall("vault_refusedrow"),
            Wall("vault_retentionrule"),
            Wall("vault_rotation"),
            Wall("vault_salt"),
            Wall("vault_shredded"),
        ),
    ]
