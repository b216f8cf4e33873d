"""Views that give rows with a key of several columns one key each, for the admin."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeRecord',
            fields=[
                ('id', models.TextField(primary_key=True, serialize=False)),
                ('originator_id', models.UUIDField()),
                ('originator_version', models.IntegerField()),
                ('shard', models.SmallIntegerField()),
                ('entity_id', models.UUIDField()),
                ('account_id', models.UUIDField(null=True)),
                ('loan_id', models.UUIDField(null=True)),
                ('kind', models.TextField()),
                ('effective_date', models.DateField()),
                ('currency', models.CharField(max_length=3, null=True)),
                ('amount_minor', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'notice',
                'db_table': 'record_notice',
                'ordering': ['-effective_date', 'id'],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='OverdueRecord',
            fields=[
                ('id', models.TextField(primary_key=True, serialize=False)),
                ('loan_id', models.UUIDField()),
                ('number', models.IntegerField()),
                ('shard', models.SmallIntegerField()),
                ('entity_id', models.UUIDField()),
                ('due_on', models.DateField()),
                ('overdue_since', models.DateField()),
                ('passed_grace_on', models.DateField(null=True)),
                ('cured_on', models.DateField(null=True)),
            ],
            options={
                'verbose_name': 'overdue instalment',
                'db_table': 'record_overdue',
                'ordering': ['-due_on', 'loan_id', 'number'],
                'managed': False,
            },
        ),
        migrations.RunSQL(
            (SQL / "0002_record_views.sql").read_text(),
            (SQL / "0002_record_views.reverse.sql").read_text(),
        ),
    ]
