-- The messages that are due on the given lines, up to `each` of a line, in the order of the line. None of a line that the process does not
-- hold, and none behind an earlier open message to its recipient that is due itself or delays it.
--
-- It looks at a limited number of messages: thousands of a line may wait behind one.
--
-- The settings make the planner read a line in its order, and plan only once. A sort would read all of it. What is looked up for each row is
-- a subquery with one row, which the planner does not merge into a join.
CREATE OR REPLACE FUNCTION head_messages(process uuid, tenants text[], outlets text[], each bigint, at timestamptz)
RETURNS TABLE (id text, document text) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_sort = off AS $$
DECLARE
  oldest text := oldest_open_id();
BEGIN
  RETURN QUERY
    SELECT head.id, head.document
    FROM unnest(tenants, outlets) WITH ORDINALITY AS line (tenant_id, outlet_id, place)
    CROSS JOIN LATERAL (
      SELECT looked_at.* FROM (
        SELECT m.id, m.recipient, m.order_at FROM messages m
        WHERE m.id >= oldest AND m.tenant_id = line.tenant_id AND m.outlet_id = line.outlet_id
          AND m.due_at IS NOT NULL AND m.order_at <= at AND m.due_at <= at
        ORDER BY m.order_at, m.id LIMIT 64 + 32 * each
      ) looked_at
      WHERE (
        SELECT earlier.id FROM messages earlier
        WHERE earlier.id >= oldest AND earlier.tenant_id = line.tenant_id AND earlier.outlet_id = line.outlet_id AND earlier.recipient = looked_at.recipient
          AND earlier.open AND (earlier.order_at, earlier.id) < (looked_at.order_at, looked_at.id)
          AND (earlier.due_at <= at OR earlier.delays_until > at)
        ORDER BY earlier.order_at, earlier.id LIMIT 1
      ) IS NULL
      LIMIT each
    ) found
    JOIN messages head ON head.id = found.id
    WHERE (SELECT l.owner FROM lines l WHERE l.tenant_id = line.tenant_id AND l.outlet_id = line.outlet_id) = process
    ORDER BY line.place, found.order_at, found.id;
END $$;
