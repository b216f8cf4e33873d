"""From which day a receipt counts, and what its channel took back of it."""

from django.db import migrations, models

COLUMNS = "channel || ':' || reference AS id, channel, reference, shard, account_id, effective_date, currency, amount_minor"
BEFORE = f"CREATE VIEW record_receipt WITH (security_invoker = true) AS SELECT {COLUMNS} FROM receipt"
# Replaced, not dropped, so that whoever may read it still may; new columns stand at its end.
AFTER = (
    f"CREATE OR REPLACE VIEW record_receipt WITH (security_invoker = true) AS SELECT {COLUMNS},"
    " value_date, returned_on, returned_minor, return_reference FROM receipt"
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_product_versions")]

    operations = [
        migrations.AddField("receipt", "value_date", models.DateField(null=True)),
        # What arrived before there were value dates counts from the day on which it was posted.
        migrations.RunSQL("UPDATE receipt SET value_date = effective_date", migrations.RunSQL.noop),
        migrations.AlterField("receipt", "value_date", models.DateField()),
        migrations.AddField("receipt", "returned_on", models.DateField(null=True)),
        migrations.AddField("receipt", "returned_minor", models.BigIntegerField(default=0)),
        migrations.AddField("receipt", "return_reference", models.TextField(null=True)),
        migrations.AddConstraint(
            "receipt",
            models.CheckConstraint(
                condition=models.Q(returned_minor__lte=models.F("amount_minor")),
                name="receipt_returned_no_more_than_arrived",
            ),
        ),
        migrations.AddConstraint(
            "receipt",
            models.UniqueConstraint(
                fields=["channel", "return_reference"], name="receipt_return_reference_once"
            ),
        ),
        migrations.RunSQL(AFTER, f"DROP VIEW record_receipt; {BEFORE}"),
    ]
