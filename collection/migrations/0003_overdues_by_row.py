"""Overdue rows are known by their names: a charge or an amount owed again has no number in a plan.

The table holds nothing that does not follow from events, so it is made anew and not converted.
"""

from django.db import migrations, models

VIEW = (
    "CREATE VIEW record_overdue WITH (security_invoker = true) AS"
    " SELECT loan_id || ':' || name AS id, loan_id, name, number, shard, entity_id, due_on, overdue_since,"
    " passed_grace_on, cured_on FROM overdue_instalment"
)


class Migration(migrations.Migration):
    dependencies = [("collection", "0002_record_views")]

    operations = [
        migrations.RunSQL("DROP VIEW record_overdue", migrations.RunSQL.noop),
        migrations.DeleteModel("OverdueInstalment"),
        migrations.CreateModel(
            name="OverdueInstalment",
            fields=[
                ("pk", models.CompositePrimaryKey("loan_id", "name", blank=True, editable=False, primary_key=True, serialize=False)),
                ("loan_id", models.UUIDField()),
                ("name", models.TextField()),
                ("number", models.IntegerField()),
                ("shard", models.SmallIntegerField()),
                ("entity_id", models.UUIDField()),
                ("due_on", models.DateField()),
                ("overdue_since", models.DateField()),
                ("passed_grace_on", models.DateField(null=True)),
                ("cured_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "overdue_instalment",
                "indexes": [models.Index(fields=["entity_id"], name="overdue_instalment_entity")],
            },
        ),
        migrations.RunSQL(VIEW, "DROP VIEW record_overdue"),
    ]
