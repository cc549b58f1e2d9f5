-- How many messages of a tenant are in the queue and unfinished, counted no further than `up_to`. The order is that of one index: another one,
-- or the table, may have millions of messages that are finished.
CREATE OR REPLACE FUNCTION queue_depth(tenant text, up_to bigint) RETURNS bigint LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
  SELECT count(*) FROM (
    SELECT m.id FROM messages m WHERE m.tenant_id = tenant AND m.open
    ORDER BY m.outlet_id, m.recipient, m.order_at, m.id LIMIT up_to
  ) counted
$$;
