"""Views that give rows with a key of several columns one key each, for the admin."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_event_store'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayRecord',
            fields=[
                ('business_date', models.DateField(primary_key=True, serialize=False)),
                ('shards_closed', models.IntegerField()),
                ('shards_worked', models.IntegerField()),
                ('steps', models.IntegerField()),
                ('done', models.BigIntegerField(verbose_name='commands given')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'day close',
                'db_table': 'record_day_close',
                'ordering': ['-business_date'],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='EventRecord',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('shard', models.SmallIntegerField()),
                ('pos', models.BigIntegerField()),
                ('originator_id', models.UUIDField(verbose_name='stream')),
                ('originator_version', models.IntegerField(verbose_name='version')),
                ('topic', models.TextField()),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.TextField()),
                ('command', models.TextField()),
                ('meta', models.JSONField()),
                ('state', models.JSONField(verbose_name='payload')),
            ],
            options={
                'verbose_name': 'event',
                'db_table': 'record_event',
                'ordering': ['-recorded_at', 'shard', '-pos'],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='JournalRecord',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('posting_date', models.DateField()),
                ('shard', models.SmallIntegerField()),
                ('pos', models.BigIntegerField()),
                ('effective_date', models.DateField()),
                ('topic', models.TextField()),
                ('originator_id', models.UUIDField(verbose_name='stream')),
                ('debits', models.JSONField(null=True)),
                ('memo_debits', models.JSONField(null=True)),
            ],
            options={
                'verbose_name': 'journal entry',
                'verbose_name_plural': 'journal entries',
                'db_table': 'record_journal_entry',
                'ordering': ['-posting_date', '-shard', '-pos'],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='ReceiptRecord',
            fields=[
                ('id', models.TextField(primary_key=True, serialize=False)),
                ('channel', models.TextField()),
                ('reference', models.TextField()),
                ('shard', models.SmallIntegerField()),
                ('account_id', models.UUIDField()),
                ('effective_date', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'receipt',
                'db_table': 'record_receipt',
                'ordering': ['-effective_date', 'id'],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='RepaymentRecord',
            fields=[
                ('id', models.TextField(primary_key=True, serialize=False)),
                ('loan_id', models.UUIDField()),
                ('sequence', models.IntegerField()),
                ('shard', models.SmallIntegerField()),
                ('entity_id', models.UUIDField()),
                ('effective_date', models.DateField()),
                ('kind', models.TextField()),
                ('reason', models.TextField()),
                ('source_account_id', models.UUIDField()),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('fee_minor', models.BigIntegerField()),
                ('penalty_minor', models.BigIntegerField()),
                ('compound_minor', models.BigIntegerField()),
                ('interest_minor', models.BigIntegerField()),
                ('principal_minor', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'repayment',
                'db_table': 'record_repayment',
                'ordering': ['-effective_date', 'loan_id', '-sequence'],
                'managed': False,
            },
        ),
        migrations.RunSQL(
            (SQL / "0003_record_views.sql").read_text(),
            (SQL / "0003_record_views.reverse.sql").read_text(),
        ),
    ]
