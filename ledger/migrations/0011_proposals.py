"""Facts that one person proposes and another one decides on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_provisions")]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("shard", models.SmallIntegerField()),
                ("entity_id", models.UUIDField(db_index=True)),
                ("loan_id", models.UUIDField(db_index=True)),
                ("line_id", models.UUIDField()),
                ("account_ids", models.JSONField()),
                ("kind", models.TextField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("value_date", models.DateField()),
                ("reason", models.TextField()),
                ("fact", models.JSONField()),
                ("effect", models.JSONField()),
                ("fingerprint", models.TextField()),
                ("status", models.TextField()),
                ("proposed_by", models.TextField()),
                ("proposed_on", models.DateField()),
                ("decided_by", models.TextField(null=True)),
                ("decided_on", models.DateField(null=True)),
                ("decision_reason", models.TextField(default="")),
                ("fact_id", models.TextField(null=True)),
            ],
            options={"db_table": "proposal"},
        ),
    ]
