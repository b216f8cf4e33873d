"""The account for what a sold loan brings above what it was shown at."""

from django.db import migrations


def write_gain_on_loan_sale(apps, schema_editor):
    from ledger.domain.chart_of_accounts import CHART, GAIN_ON_LOAN_SALE

    account = CHART[GAIN_ON_LOAN_SALE]
    apps.get_model("ledger", "GlAccount").objects.get_or_create(
        code=account.code,
        defaults={
            "name": account.name,
            "account_type": account.type.value,
            "normal_side": account.normal_side.value,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0014_products_say_how_they_are_paid_out")]

    operations = [migrations.RunPython(write_gain_on_loan_sale, migrations.RunPython.noop)]
