"""Recorded time that never runs backwards."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0012_opening_balances")]

    operations = [
        migrations.CreateModel(
            name="EsClock",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"db_table": "es_clock"},
        ),
        migrations.AddConstraint(
            "esclock", models.CheckConstraint(condition=models.Q(("id", 1)), name="es_clock_one_row")
        ),
        migrations.RunSQL(
            (SQL / "0013_recorded_time.sql").read_text(),
            (SQL / "0013_recorded_time.reverse.sql").read_text(),
        ),
    ]
