"""What is set aside for losses, by shard, product, currency and category."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_day_close_is_watched")]

    operations = [
        migrations.CreateModel(
            name="Provision",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shard", "product_code", "currency", "category",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("shard", models.SmallIntegerField()),
                ("product_code", models.TextField()),
                ("currency", models.CharField(max_length=3)),
                ("category", models.TextField()),
                ("loans", models.IntegerField()),
                ("exposure_minor", models.BigIntegerField()),
                ("allowance_minor", models.BigIntegerField()),
                ("posted_on", models.DateField()),
            ],
            options={"db_table": "provision"},
        ),
    ]
