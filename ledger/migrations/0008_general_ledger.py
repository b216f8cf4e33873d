"""Value date and product of postings, sub-accounts, closed months, and the funding of products."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


def write_sub_accounts(apps, schema_editor):
    from ledger.domain.chart_of_accounts import CHART

    model = apps.get_model("ledger", "GlAccount")
    for account in CHART.values():
        values = {
            "name": account.name,
            "account_type": account.type.value,
            "normal_side": account.normal_side.value,
        }
        model.objects.get_or_create(code=account.code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_loans_from_dated_facts")]

    operations = [
        migrations.AddField("journalentry", "value_date", models.DateField(null=True)),
        migrations.AddField("journalline", "product_code", models.TextField(db_default="", default="")),
        migrations.CreateModel(
            name="PeriodClose",
            fields=[
                ("closed_through", models.DateField(primary_key=True, serialize=False)),
                ("trial_balance_hash", models.TextField()),
                ("closed_on", models.DateField()),
            ],
            options={"db_table": "period_close", "verbose_name": "closed month"},
        ),
        migrations.CreateModel(
            name="ProductFunding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code", "from_version", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.TextField()),
                ("from_version", models.IntegerField()),
                ("place", models.SmallIntegerField()),
                ("funder", models.TextField()),
                ("share_e8", models.BigIntegerField()),
                ("agreed_on", models.DateField()),
            ],
            options={"db_table": "product_funding"},
        ),
        migrations.RunSQL(
            (SQL / "0008_general_ledger.sql").read_text(),
            (SQL / "0008_general_ledger.reverse.sql").read_text(),
        ),
        migrations.RunPython(write_sub_accounts, migrations.RunPython.noop),
        migrations.AddField("journalrecord", "value_date", models.DateField(default=None), preserve_default=False),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField("journalentry", "value_date", models.DateField())]
        ),
    ]
