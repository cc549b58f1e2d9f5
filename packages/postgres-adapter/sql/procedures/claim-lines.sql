-- Gives the process up to `up_to` free lines that are due, but no more than its share. Tenants take turns. It does not wait for the disk:
-- if a crash of the database loses a claim, the line is free again, and its messages are not listed for the process.
--
-- The settings make the planner use index lookups on a table that grows quickly, and plan only once.
CREATE OR REPLACE FUNCTION claim_lines(process uuid, up_to bigint, at timestamptz)
RETURNS TABLE (tenant_id text, outlet_id text) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  did_work boolean;
  lease_lasts interval;
  others bigint;
BEGIN
  SELECT p.works, p.lease_until - p.heartbeat_at INTO did_work, lease_lasts
  FROM processes p WHERE p.id = process AND p.lease_until > now();
  IF NOT FOUND THEN RETURN; END IF;
  IF NOT did_work THEN UPDATE processes p SET works = true WHERE p.id = process; END IF;
  -- Mostly nothing is due. That is found without a lock.
  IF up_to <= 0 OR NOT EXISTS (SELECT FROM lines l WHERE l.owner IS NULL AND l.due_at <= at) THEN RETURN; END IF;

  PERFORM set_config('synchronous_commit', 'off', true);
  -- With the lock the end of the process waits for this claim, and then frees its lines too.
  PERFORM FROM processes p WHERE p.id = process AND p.lease_until > now() FOR KEY SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  others := other_workers(process, lease_lasts);
  IF others > 0 THEN
    up_to := greatest(0, least(up_to, share_of_lines(others + 1, at) - (SELECT count(*) FROM lines l WHERE l.owner = process)));
  END IF;

  RETURN QUERY
    WITH due AS MATERIALIZED (
      SELECT l.tenant_id, l.outlet_id, l.due_at, row_number() OVER (PARTITION BY l.tenant_id ORDER BY l.due_at, l.outlet_id) AS turn
      FROM lines l WHERE l.owner IS NULL AND l.due_at <= at
    ), first AS MATERIALIZED (
      -- More than are wanted: other processes may be claiming the same ones at this moment.
      SELECT due.* FROM due ORDER BY due.turn, due.due_at LIMIT 4 * up_to + 64
    ), locked AS MATERIALIZED (
      SELECT first.* FROM first JOIN lines l ON l.tenant_id = first.tenant_id AND l.outlet_id = first.outlet_id
      WHERE l.owner IS NULL ORDER BY first.turn, first.due_at LIMIT up_to FOR NO KEY UPDATE OF l SKIP LOCKED
    ), claimed AS (
      UPDATE lines l SET owner = process FROM locked WHERE l.tenant_id = locked.tenant_id AND l.outlet_id = locked.outlet_id
      RETURNING locked.*
    )
    SELECT claimed.tenant_id, claimed.outlet_id FROM claimed ORDER BY claimed.turn, claimed.due_at;
END $$;
