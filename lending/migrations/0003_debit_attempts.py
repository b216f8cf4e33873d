"""The attempts of the automatic debit, counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lending", "0002_drawdown_facts")]

    operations = [
        migrations.CreateModel(
            name="DebitAttempt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_date",
                        "shard",
                        "attempt",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("business_date", models.DateField()),
                ("shard", models.SmallIntegerField()),
                ("attempt", models.SmallIntegerField()),
                ("planned_at", models.TextField()),
                ("due", models.IntegerField()),
                ("collected", models.IntegerField()),
                ("in_part", models.IntegerField()),
                ("short", models.IntegerField()),
                ("without_money", models.IntegerField()),
                ("set_aside", models.IntegerField()),
                ("taken_minor", models.JSONField()),
                ("finished_at", models.DateTimeField()),
            ],
            options={"db_table": "debit_attempt"},
        ),
    ]
