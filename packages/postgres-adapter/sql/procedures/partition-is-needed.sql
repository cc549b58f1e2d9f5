-- Whether a partition has a message that cannot be forgotten yet. Each part is found by an index, however many messages there are. An unfinished
-- message is due in the queue, or somebody works on it.
CREATE OR REPLACE FUNCTION partition_is_needed(old partitions, before timestamptz) RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  is_needed boolean;
BEGIN
  EXECUTE format($query$
    SELECT (SELECT m.accepted_at FROM messages_%1$s m ORDER BY m.accepted_at DESC, m.number DESC LIMIT 1) >= $1
      OR (SELECT m.id FROM messages_%1$s m WHERE m.due_at IS NOT NULL ORDER BY m.tenant_id, m.outlet_id, m.due_at LIMIT 1) IS NOT NULL
      OR EXISTS (SELECT FROM messages_in_work w WHERE w.message_id >= $2 AND w.message_id < $3)
      OR EXISTS (SELECT FROM outbox o WHERE o.id >= $2 AND o.id < $3)
      OR EXISTS (SELECT FROM dead_entries d WHERE d.id >= $2 AND d.id < $3)
      OR EXISTS (SELECT FROM quota_blocks b JOIN messages_%1$s m ON m.quota_block_id = b.id WHERE m.keeps_unit)
  $query$, old.suffix) INTO is_needed USING before, old.first_id, old.end_id;
  -- Unknown if the partition is empty and nothing else is there.
  RETURN coalesce(is_needed, false);
END $$;
