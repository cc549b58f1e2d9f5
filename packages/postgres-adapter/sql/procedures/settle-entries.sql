-- Settles claimed entries: `delivered`, `dead`, `retry` or `untried`, a retry whose claim does not count. Applies only to entries at
-- the front of their line, several of one line included. `at` is when they, or the next in the line, are due. Like a claim, it does
-- not wait for the disk.
--
-- The lines are first locked in a fixed order, so that two settlements cannot deadlock. The settings make the planner use index
-- lookups on tables that grow quickly, and plan only once.
CREATE OR REPLACE FUNCTION settle_entries(ids text[], verdict text, at timestamptz) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  lines bigint[];
  emptied bigint;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  lines := ARRAY (SELECT o.line FROM outbox o WHERE o.id = ANY (ids));
  -- Ordered by a row value: no index has that order, so the planner looks up these lines instead of scanning an index.
  lines := ARRAY (
    SELECT l.id FROM outbox_lines l WHERE l.id = ANY (lines) ORDER BY (l.topic, l.tenant_id, l.name) FOR UPDATE
  );

  IF verdict IN ('retry', 'untried') THEN
    UPDATE outbox_lines l SET due_at = at, claims = l.claims - (verdict = 'untried')::integer WHERE l.id = ANY (lines)
      AND (SELECT o.id FROM outbox o WHERE o.line = l.id ORDER BY o.sequence LIMIT 1) = ANY (ids);
    RETURN;
  END IF;

  WITH gone AS (
    -- Not `= ANY (lines)`: with that, the planner might read complete lines.
    DELETE FROM outbox o WHERE o.id = ANY (ids) AND array_position(lines, o.line) IS NOT NULL AND (
      SELECT earlier.id FROM outbox earlier
      WHERE earlier.line = o.line AND earlier.sequence < o.sequence AND earlier.id <> ALL (ids)
      ORDER BY earlier.sequence LIMIT 1
    ) IS NULL
    RETURNING o.*
  ), buried AS (
    INSERT INTO dead_entries SELECT gone.id, l.topic, l.tenant_id, l.name, gone.sequence, gone.entry, gone.enqueued_at
    FROM gone JOIN outbox_lines l ON l.id = gone.line WHERE l.id = ANY (lines) AND verdict = 'dead'
    ON CONFLICT DO NOTHING
  )
  SELECT array_agg(DISTINCT gone.line) INTO lines FROM gone;

  DELETE FROM outbox_lines l WHERE l.id = ANY (lines)
    AND (SELECT o.id FROM outbox o WHERE o.line = l.id ORDER BY o.sequence LIMIT 1) IS NULL;
  GET DIAGNOSTICS emptied = ROW_COUNT;
  IF emptied < cardinality(lines) THEN
    UPDATE outbox_lines l SET due_at = at, claims = 0 WHERE l.id = ANY (lines);
  END IF;
END $$;
