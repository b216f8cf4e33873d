"""The accrual of a day in whole numbers, its rows written by one function, and no index to keep on them."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_record_views")]

    operations = [
        migrations.AddField("accrualsegment", "begun_at", models.BigIntegerField(null=True)),
        migrations.AddField("accrualsegment", "day_step", models.BigIntegerField(null=True)),
        migrations.AddField("accrualsegment", "unit", models.BigIntegerField(null=True)),
        migrations.AddField(
            "accrualsegment", "bucket", models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.RunSQL(
            (SQL / "0004_accrual_in_whole_steps.sql").read_text(),
            (SQL / "0004_accrual_in_whole_steps.reverse.sql").read_text(),
        ),
        migrations.RemoveIndex("accrualsegment", "accrual_segment_open"),
        migrations.AddIndex(
            "accrualsegment",
            models.Index(fields=["shard", "ends_on", "started_on"], name="accrual_segment_running"),
        ),
        migrations.AddIndex(
            "loan",
            models.Index(fields=["shard"], name="loan_overdue", condition=models.Q(status="overdue")),
        ),
    ]
