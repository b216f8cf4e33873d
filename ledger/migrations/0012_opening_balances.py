"""The account against which loans of other books are opened."""

from django.db import migrations


def write_opening_balances(apps, schema_editor):
    from ledger.domain.chart_of_accounts import CHART, OPENING_BALANCES

    account = CHART[OPENING_BALANCES]
    apps.get_model("ledger", "GlAccount").objects.get_or_create(
        code=account.code,
        defaults={
            "name": account.name,
            "account_type": account.type.value,
            "normal_side": account.normal_side.value,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_proposals")]

    operations = [migrations.RunPython(write_opening_balances, migrations.RunPython.noop)]
