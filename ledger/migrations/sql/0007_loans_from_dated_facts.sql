-- The admin's view of payments, each under the identifier that never changes.
CREATE VIEW record_repayment WITH (security_invoker = true) AS
SELECT loan_id || ':' || payment_id AS id, loan_id, payment_id, sequence, shard, entity_id, effective_date,
       value_date, kind, reason, source_account_id, currency, amount_minor, fee_minor, penalty_minor,
       compound_minor, interest_minor, principal_minor, surplus_minor, recovered_minor, reversed_on
  FROM repayment;
