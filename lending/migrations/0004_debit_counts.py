"""The debit attempts of a date over all shards, as the admin lists them."""

from django.db import migrations, models

CREATE = """
CREATE VIEW record_debit_attempt WITH (security_invoker = true) AS
SELECT to_char(business_date, 'YYYY-MM-DD') || ':' || attempt AS id, business_date, attempt,
       min(planned_at) AS planned_at, count(*)::integer AS shards, sum(due)::integer AS due,
       sum(collected)::integer AS collected, sum(in_part)::integer AS in_part, sum(short)::integer AS short,
       sum(without_money)::integer AS without_money, sum(set_aside)::integer AS set_aside,
       (SELECT jsonb_object_agg(t.currency, t.total)
          FROM (SELECT taken.key AS currency, sum(taken.value::bigint)::bigint AS total
                  FROM debit_attempt d, jsonb_each_text(d.taken_minor) taken
                 WHERE d.business_date = a.business_date AND d.attempt = a.attempt GROUP BY 1) t) AS taken_minor,
       max(finished_at) AS finished_at
  FROM debit_attempt a GROUP BY business_date, attempt
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0003_debit_attempts")]

    operations = [
        migrations.CreateModel(
            name="DebitRecord",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("business_date", models.DateField()),
                ("attempt", models.SmallIntegerField()),
                ("planned_at", models.TextField()),
                ("shards", models.IntegerField()),
                ("due", models.IntegerField(verbose_name="loans looked at")),
                ("collected", models.IntegerField(verbose_name="in full")),
                ("in_part", models.IntegerField(verbose_name="in part")),
                ("short", models.IntegerField(verbose_name="too little for the whole")),
                ("without_money", models.IntegerField(verbose_name="nothing there")),
                ("set_aside", models.IntegerField(verbose_name="set aside")),
                ("taken_minor", models.JSONField(null=True)),
                ("finished_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "debit attempt",
                "db_table": "record_debit_attempt",
                "ordering": ["-business_date", "-attempt"],
                "managed": False,
            },
        ),
        migrations.RunSQL(CREATE, "DROP VIEW record_debit_attempt"),
    ]
