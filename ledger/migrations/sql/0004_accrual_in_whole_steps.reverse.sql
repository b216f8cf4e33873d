DROP FUNCTION es_post_accrual(smallint, date, integer, bigint, text);
ALTER TABLE accrual_row ADD PRIMARY KEY (business_date, shard, loan_id, key);
DROP FUNCTION accrual_amount_of_day(integer, bigint, bigint, bigint, numeric, numeric, numeric);
