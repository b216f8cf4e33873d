"""The event store's functions and the guards in the database itself."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SQL / "0002_event_store.sql").read_text(),
            (SQL / "0002_event_store.reverse.sql").read_text(),
        )
    ]
