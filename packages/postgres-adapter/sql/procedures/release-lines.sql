-- Releases those of the given lines that the process holds. Each is due when the first of its messages is, and is gone if none will be.
--
-- The lines are locked first, which waits for the transactions that are writing messages of them. The messages are read in a second
-- statement, which has a snapshot of its own: one statement would not see the messages of those transactions, and their line would be
-- gone. Only lines that were locked are changed: one that was made anew in between is not this process's.
CREATE OR REPLACE FUNCTION release_lines(process uuid, tenants text[], outlets text[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  locked_tenants text[];
  locked_outlets text[];
  oldest text;
BEGIN
  SELECT array_agg(l.tenant_id), array_agg(l.outlet_id) INTO locked_tenants, locked_outlets FROM (
    SELECT lines.tenant_id, lines.outlet_id FROM unnest(tenants, outlets) AS given (tenant_id, outlet_id)
    JOIN lines ON lines.tenant_id = given.tenant_id AND lines.outlet_id = given.outlet_id
    WHERE lines.owner = process ORDER BY lines.tenant_id, lines.outlet_id FOR UPDATE OF lines
  ) l;

  oldest := oldest_open_id();
  WITH released AS MATERIALIZED (
    SELECT locked.*, (
      SELECT min(m.due_at) FROM messages m
      WHERE m.id >= oldest AND m.tenant_id = locked.tenant_id AND m.outlet_id = locked.outlet_id AND m.due_at IS NOT NULL
    ) AS due_at
    FROM unnest(locked_tenants, locked_outlets) AS locked (tenant_id, outlet_id)
  ), gone AS (
    DELETE FROM lines l USING released
    WHERE l.tenant_id = released.tenant_id AND l.outlet_id = released.outlet_id AND released.due_at IS NULL
  )
  UPDATE lines l SET owner = NULL, due_at = released.due_at FROM released
  WHERE l.tenant_id = released.tenant_id AND l.outlet_id = released.outlet_id AND released.due_at IS NOT NULL;
END $$;
