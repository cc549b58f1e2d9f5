-- Takes the idempotency keys of messages that arrive. Returns the ids of the messages whose key is taken already. The keys are taken in a
-- fixed order, so that two batches cannot deadlock. Of several messages with one key, the first in the order of the ids gets it.
CREATE OR REPLACE FUNCTION take_keys(wanted json, lost_blocks text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  refused text[];
BEGIN
  WITH taking AS MATERIALIZED (
    SELECT * FROM json_to_recordset(wanted) AS k (
      tenant_id text, key text, fingerprint text, message_id text, used_at timestamptz, quota_block_id text
    ) WHERE k.quota_block_id <> ALL (lost_blocks)
  ), taken AS (
    INSERT INTO idempotency_keys SELECT t.tenant_id, t.key, t.fingerprint, t.message_id, t.used_at FROM taking t
    ORDER BY t.tenant_id COLLATE "C", t.key COLLATE "C", t.message_id COLLATE "C"
    ON CONFLICT DO NOTHING
    RETURNING message_id
  )
  SELECT array_agg(t.message_id) INTO refused FROM taking t WHERE t.message_id NOT IN (SELECT taken.message_id FROM taken);
  RETURN coalesce(refused, '{}');
END $$;
