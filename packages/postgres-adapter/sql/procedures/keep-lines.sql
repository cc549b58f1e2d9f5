-- Keeps the lines of messages that have just been written: each is due when the first of its messages is, or earlier. To be called last in
-- the transaction that writes them. A line that is due early enough is only locked, which costs little.
--
-- The lock makes a release wait, which then sees the messages: no wake-up is lost. It is one that several transactions may have at once, and
-- a claim as well, so accepts of several processes for one outlet do not wait for each other. The lines are locked in a fixed order, one
-- after another, so that two transactions cannot deadlock.
CREATE OR REPLACE FUNCTION keep_lines(tenants text[], outlets text[], due_times timestamptz[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  line record;
  known timestamptz;
BEGIN
  FOR line IN
    SELECT m.tenant_id, m.outlet_id, min(m.due_at) AS due_at FROM unnest(tenants, outlets, due_times) AS m (tenant_id, outlet_id, due_at)
    GROUP BY 1, 2 ORDER BY m.tenant_id COLLATE "C", m.outlet_id COLLATE "C"
  LOOP
    SELECT l.due_at INTO known FROM lines l
      WHERE l.tenant_id = line.tenant_id AND l.outlet_id = line.outlet_id FOR KEY SHARE;
    CONTINUE WHEN known <= line.due_at;
    INSERT INTO lines AS l (tenant_id, outlet_id, due_at) VALUES (line.tenant_id, line.outlet_id, line.due_at)
      ON CONFLICT (tenant_id, outlet_id) DO UPDATE SET due_at = excluded.due_at WHERE l.due_at > excluded.due_at;
  END LOOP;
END $$;
