-- Frees the idempotency keys of these messages. A key that another message has by now is not theirs.
CREATE OR REPLACE FUNCTION free_keys(ids text[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  DELETE FROM idempotency_keys k USING messages m
    WHERE m.id = ANY (ids) AND k.tenant_id = m.tenant_id AND k.key = m.idempotency_key AND k.message_id = m.id;
END $$;
