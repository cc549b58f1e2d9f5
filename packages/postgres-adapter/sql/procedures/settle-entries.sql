-- Settles claimed entries: `delivered`, `unwanted`, `dead`, `retry` or `untried`, a retry whose claim does not count. Applies only to
-- entries at the front of their queue, several of one queue included. `at` is when they, or the next in the queue, are due. `reason`
-- says why they were not delivered. A delivery that was late, or had failed before, is noted. Like a claim, it does not wait for the disk.
--
-- The queues are first locked in a fixed order, so that two settlements cannot deadlock. The settings make the planner use index
-- lookups on tables that grow quickly, and plan only once.
CREATE OR REPLACE FUNCTION settle_entries(ids text[], verdict text, at timestamptz, reason text) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  queues bigint[];
  emptied bigint;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  queues := ARRAY (SELECT o.queue FROM outbox o WHERE o.id = ANY (ids));
  -- Ordered by a row value: no index has that order, so the planner looks up these queues instead of scanning an index.
  queues := ARRAY (
    SELECT l.id FROM outbox_queues l WHERE l.id = ANY (queues) ORDER BY (l.topic, l.tenant_id, l.name) FOR UPDATE
  );

  IF verdict IN ('retry', 'untried') THEN
    UPDATE outbox_queues l SET due_at = at, claims = l.claims - (verdict = 'untried')::integer, is_leased = false, why = coalesce(reason, l.why)
    WHERE l.id = ANY (queues)
      AND (SELECT o.id FROM outbox o WHERE o.queue = l.id ORDER BY o.sequence LIMIT 1) = ANY (ids);
    RETURN;
  END IF;

  WITH gone AS (
    -- Not `= ANY (queues)`: with that, the planner might read complete queues.
    DELETE FROM outbox o WHERE o.id = ANY (ids) AND array_position(queues, o.queue) IS NOT NULL AND (
      SELECT earlier.id FROM outbox earlier
      WHERE earlier.queue = o.queue AND earlier.sequence < o.sequence AND earlier.id <> ALL (ids)
      ORDER BY earlier.sequence LIMIT 1
    ) IS NULL
    RETURNING o.*
  ), buried AS (
    INSERT INTO dead_entries (id, topic, tenant_id, name, sequence, entry, enqueued_at, claims, why)
    SELECT gone.id, l.topic, l.tenant_id, l.name, gone.sequence, gone.entry, gone.enqueued_at, l.claims, coalesce(reason, l.why)
    FROM gone JOIN outbox_queues l ON l.id = gone.queue WHERE l.id = ANY (queues) AND verdict = 'dead'
    ON CONFLICT DO NOTHING
  ), noted AS (
    INSERT INTO late_deliveries AS late (id, enqueued_at, delivered_at, claims, why)
    SELECT gone.id, gone.enqueued_at, at, l.claims, l.why FROM gone JOIN outbox_queues l ON l.id = gone.queue
    WHERE verdict = 'delivered' AND l.topic <> 'webhook' AND (l.why IS NOT NULL OR gone.enqueued_at <= at - interval '10 seconds')
    ON CONFLICT (id) DO UPDATE
      SET enqueued_at = excluded.enqueued_at, delivered_at = excluded.delivered_at, claims = excluded.claims, why = excluded.why
  )
  SELECT array_agg(DISTINCT gone.queue) INTO queues FROM gone;

  DELETE FROM outbox_queues l WHERE l.id = ANY (queues)
    AND (SELECT o.id FROM outbox o WHERE o.queue = l.id ORDER BY o.sequence LIMIT 1) IS NULL;
  GET DIAGNOSTICS emptied = ROW_COUNT;
  IF emptied < cardinality(queues) THEN
    UPDATE outbox_queues l SET due_at = at, claims = 0, is_leased = false, why = NULL WHERE l.id = ANY (queues);
  END IF;
END $$;
