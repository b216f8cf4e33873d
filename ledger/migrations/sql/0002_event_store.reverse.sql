DROP FUNCTION es_close_idle_shards(smallint[], date), es_close_shard(smallint, date), es_open_books(date), es_append(jsonb),
  es_command_hash(text, text, bytea, text, text, smallint, timestamptz), es_lock_shard(smallint), es_lock(uuid),
  es_begin(text, text, smallint, uuid[]),
  es_hash(bytea, smallint, bigint, uuid, integer, text, date, timestamptz, text, text);
DROP FUNCTION journal_check_balance() CASCADE;
DROP FUNCTION es_refuse_change() CASCADE;
DELETE FROM es_shard;
