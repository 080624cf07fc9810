from django.db import migrations, models
from django.db.models.functions import Lower


def part_twins(apps, schema_editor):
    """Names that differ by case alone let neither person in: all but the oldest get a number."""
    users = apps.get_model("people", "User").objects
    taken = {name.lower() for name in users.values_list("username", flat=True)}
    kept = set()
    for user in users.order_by("pk").only("pk", "username"):
        name, number = user.username, 2
        if name.lower() in kept:
            while name.lower() in taken:
                name, number = f"{user.username[:140]}.{number}", number + 1
            users.filter(pk=user.pk).update(username=name)
            taken.add(name.lower())
        kept.add(name.lower())


class Migration(migrations.Migration):
    dependencies = [("people", "0008_logout_token")]

    operations = [
        migrations.RunPython(part_twins, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Lower("username"),
                name="people_user_name_in_any_case",
                violation_error_message="Somebody has this sign-in name.",
            ),
        ),
    ]
