"""The event store's functions, the guards in the database itself, and the chart of accounts."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def write_chart(apps, schema_editor):
    from ledger.domain.chart_of_accounts import CHART

    model = apps.get_model("ledger", "GlAccount")
    for account in CHART.values():
        model.objects.create(
            code=account.code,
            name=account.name,
            account_type=account.type.value,
            normal_side=account.normal_side.value,
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SQL / "0002_event_store.sql").read_text(),
            (SQL / "0002_event_store.reverse.sql").read_text(),
        ),
        migrations.RunPython(write_chart, migrations.RunPython.noop),
    ]
