"""Saved versions of products, and products that are offered no more."""

from django.db import migrations, models

# Read with the rights of the reader, as the other views of records are.
VIEW = (
    "CREATE VIEW record_product_version WITH (security_invoker = true) AS"
    " SELECT code || ':' || version AS id, code, version, title, method, effective_from, saved_on"
    " FROM product_version"
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_accrual_in_whole_steps")]

    operations = [
        migrations.CreateModel(
            name="ProductVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.TextField()),
                ("version", models.IntegerField()),
                ("title", models.TextField()),
                ("method", models.TextField()),
                ("effective_from", models.DateField()),
                ("saved_on", models.DateField()),
                ("terms", models.JSONField()),
            ],
            options={"db_table": "product_version"},
        ),
        migrations.CreateModel(
            name="ProductRetirement",
            fields=[
                ("code", models.TextField(primary_key=True, serialize=False)),
                ("retired_from", models.DateField()),
                ("reason", models.TextField()),
            ],
            options={"db_table": "product_retirement"},
        ),
        migrations.CreateModel(
            name="ProductRecord",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("version", models.IntegerField()),
                ("title", models.TextField()),
                ("method", models.TextField()),
                ("effective_from", models.DateField()),
                ("saved_on", models.DateField()),
            ],
            options={
                "verbose_name": "product version",
                "db_table": "record_product_version",
                "ordering": ["code", "-version"],
                "managed": False,
            },
        ),
        migrations.RunSQL(VIEW, "DROP VIEW record_product_version"),
    ]
