-- Views for the admin, which needs one key per row; read with the rights of the reader.
CREATE VIEW record_overdue WITH (security_invoker = true) AS
SELECT loan_id || ':' || number AS id, loan_id, number, shard, entity_id, due_on, overdue_since,
       passed_grace_on, cured_on
  FROM overdue_instalment;

CREATE VIEW record_notice WITH (security_invoker = true) AS
SELECT originator_id || ':' || originator_version AS id, originator_id, originator_version, shard, entity_id,
       account_id, loan_id, kind, effective_date, currency, amount_minor
  FROM notice;
