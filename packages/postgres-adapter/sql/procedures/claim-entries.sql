-- Leases the first entry of each queue that is due. It does not wait for the disk: if a crash of the database loses the lease, the
-- entry is delivered again, which is always allowed.
--
-- The settings make the planner use index lookups on tables that grow quickly, and plan only once.
CREATE OR REPLACE FUNCTION claim_entries(of_topic text, up_to bigint, at timestamptz, leased_until timestamptz)
RETURNS TABLE (entry_id text, claimed_entry text, entered_at timestamptz, earlier_claims integer) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  due bigint[];
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  due := ARRAY (
    SELECT l.id FROM outbox_queues l WHERE l.topic = of_topic AND l.due_at <= at
    ORDER BY l.due_at, l.id LIMIT up_to FOR UPDATE SKIP LOCKED
  );
  IF cardinality(due) = 0 THEN RETURN; END IF;
  RETURN QUERY
    WITH claimed AS (
      UPDATE outbox_queues l SET due_at = leased_until, claims = l.claims + 1, is_leased = true WHERE l.id = ANY (due)
      RETURNING l.id, l.claims - 1 AS earlier
    )
    SELECT first.id, first.entry, first.enqueued_at, claimed.earlier FROM claimed CROSS JOIN LATERAL (
      SELECT o.id, o.entry, o.enqueued_at FROM outbox o WHERE o.queue = claimed.id ORDER BY o.sequence LIMIT 1
    ) first
    ORDER BY array_position(due, claimed.id);
END $$;
