"""The queue tables and functions that Celery uses when no other broker is named.

pgmq installs from SQL alone, without an extension, so any PostgreSQL will do.
"""

from django.db import migrations


def install(apps, schema_editor):
    from pgmq import get_embedded_install_sql

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'pgmq'")
        if cursor.fetchone() is None:
            cursor.execute(get_embedded_install_sql())


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
