"""What a drawdown has to know about its account, as a function whose plan is kept.

Planned anew for every drawdown, the query costs as much as writing an event.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION lending_drawdown_facts(p_line uuid, p_account uuid,
                                       OUT entity_id uuid, OUT token text, OUT overdue boolean)
RETURNS SETOF record LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY
    SELECT a.entity_id, a.platform || ':' || a.external_id,
           EXISTS (SELECT 1 FROM loan l WHERE l.line_id = p_line AND l.status = 'overdue')
      FROM shop_account a WHERE a.id = p_account;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0001_initial"), ("ledger", "0002_event_store")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION lending_drawdown_facts(uuid, uuid)")]
