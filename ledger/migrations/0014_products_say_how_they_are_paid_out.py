"""Saved versions of products say how their loans are paid out: those there are, in one sum.

The rows are read models; a rebuild writes the same from the events.
"""

from django.db import migrations

SAY = """
UPDATE product_version SET terms = terms || '{"payout": {"parts_max": 1, "availability_days": 0}}'::jsonb
 WHERE NOT terms ? 'payout'
"""
SAY_NOTHING = "UPDATE product_version SET terms = terms - 'payout'"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0013_recorded_time")]
    operations = [migrations.RunSQL(SAY, SAY_NOTHING)]
