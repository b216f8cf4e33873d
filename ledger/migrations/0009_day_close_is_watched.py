"""The day close keeps how long a step took, whom it set aside, and who is closing at the moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_general_ledger")]

    operations = [
        migrations.AddField("dayclose", "took_ms", models.IntegerField(null=True)),
        migrations.CreateModel(
            name="DayCloseRun",
            fields=[
                ("shard", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("business_date", models.DateField()),
                ("step", models.TextField()),
                ("worker", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("given", models.IntegerField()),
                ("total", models.IntegerField()),
            ],
            options={"db_table": "day_close_run"},
        ),
        migrations.CreateModel(
            name="DayCloseProblem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shard", models.SmallIntegerField()),
                ("business_date", models.DateField()),
                ("last_date", models.DateField()),
                ("step", models.TextField()),
                ("subject", models.TextField()),
                ("command", models.TextField()),
                ("fields", models.JSONField()),
                ("error", models.TextField()),
                ("message", models.TextField()),
                ("first_seen", models.DateTimeField()),
                ("last_seen", models.DateTimeField()),
                ("attempts", models.IntegerField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by", models.TextField(null=True)),
            ],
            options={
                "db_table": "day_close_problem",
                "verbose_name": "day close problem",
                "ordering": ["-last_seen"],
                "indexes": [models.Index(fields=["business_date", "last_date"], name="day_close_problem_dates")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["shard", "step", "subject"],
                        name="day_close_problem_open",
                        condition=models.Q(resolved_at__isnull=True),
                    )
                ],
            },
        ),
    ]
