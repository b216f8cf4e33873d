"""Rows and payments of loans that are derived from dated facts: known by names and identifiers of their own.

The tables hold nothing that does not follow from events, so they are made anew and not converted.
"""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
AMOUNT = models.BigIntegerField


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_receipts_returned")]

    operations = [
        migrations.RunSQL("DROP VIEW record_repayment", migrations.RunSQL.noop),
        migrations.DeleteModel("Instalment"),
        migrations.DeleteModel("Repayment"),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("pk", models.CompositePrimaryKey("loan_id", "name", blank=True, editable=False, primary_key=True, serialize=False)),
                ("loan_id", models.UUIDField()),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("schedule_version", models.IntegerField()),
                ("number", models.IntegerField()),
                ("shard", models.SmallIntegerField()),
                ("period_start", models.DateField()),
                ("due_on", models.DateField()),
                ("opening_minor", AMOUNT()),
                ("fee_minor", AMOUNT()),
                ("interest_minor", AMOUNT()),
                ("principal_minor", AMOUNT()),
                ("paid_fee_minor", AMOUNT()),
                ("paid_penalty_minor", AMOUNT()),
                ("paid_compound_minor", AMOUNT()),
                ("paid_interest_minor", AMOUNT()),
                ("paid_principal_minor", AMOUNT()),
                ("waived_fee_minor", AMOUNT()),
                ("waived_penalty_minor", AMOUNT()),
                ("waived_compound_minor", AMOUNT()),
                ("waived_interest_minor", AMOUNT()),
                ("waived_principal_minor", AMOUNT()),
                ("overdue_since", models.DateField(null=True)),
                ("penalised_on", models.DateField(null=True)),
                ("paid_on", models.DateField(null=True)),
                ("superseded_by", models.IntegerField(null=True)),
            ],
            options={"db_table": "instalment"},
        ),
        migrations.CreateModel(
            name="Repayment",
            fields=[
                ("pk", models.CompositePrimaryKey("loan_id", "payment_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("loan_id", models.UUIDField()),
                ("payment_id", models.TextField()),
                ("sequence", models.IntegerField()),
                ("shard", models.SmallIntegerField()),
                ("entity_id", models.UUIDField(db_index=True)),
                ("effective_date", models.DateField()),
                ("value_date", models.DateField()),
                ("kind", models.TextField()),
                ("reason", models.TextField()),
                ("source_account_id", models.UUIDField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", AMOUNT()),
                ("fee_minor", AMOUNT()),
                ("penalty_minor", AMOUNT()),
                ("compound_minor", AMOUNT()),
                ("interest_minor", AMOUNT()),
                ("principal_minor", AMOUNT()),
                ("surplus_minor", AMOUNT()),
                ("recovered_minor", AMOUNT()),
                ("reversed_on", models.DateField(null=True)),
            ],
            options={"db_table": "repayment"},
        ),
        migrations.AddField("loan", "overpaid_minor", AMOUNT(default=0)),
        migrations.AddField("loan", "category", models.TextField(default="normal")),
        migrations.AddField("loan", "non_accrual_since", models.DateField(null=True)),
        migrations.AddField("loan", "charged_off_on", models.DateField(null=True)),
        migrations.AddField("loan", "wakes_on", models.DateField(null=True)),
        migrations.AddIndex(
            "loan",
            models.Index(
                fields=["shard", "wakes_on"],
                name="loan_wakes",
                condition=models.Q(wakes_on__isnull=False),
            ),
        ),
        migrations.RunSQL(
            (SQL / "0007_loans_from_dated_facts.sql").read_text(), "DROP VIEW record_repayment"
        ),
    ]
