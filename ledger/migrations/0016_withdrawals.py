"""Money of settlement accounts that is paid out to borrowers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0015_gain_on_loan_sale")]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("reference", models.TextField(primary_key=True, serialize=False)),
                ("shard", models.SmallIntegerField()),
                ("account_id", models.UUIDField(db_index=True)),
                ("entity_id", models.UUIDField(db_index=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("status", models.TextField()),
                ("requested_on", models.DateField()),
                ("decided_on", models.DateField(null=True)),
                ("bank_reference", models.TextField(default="")),
                ("reason", models.TextField(default="")),
            ],
            options={"db_table": "withdrawal"},
        ),
    ]
