-- Counts up to `up_to` messages behind a position by their kind, of one tenant or of all. Each row also has the position of the last
-- message, and how many there were.
--
-- The planner must not choose another index, or read the whole table: a walk compares rows, and is ordered by every column of its
-- index.
CREATE OR REPLACE FUNCTION count_messages(
  tenant text, behind timestamptz, behind_number bigint, before timestamptz, up_to integer
) RETURNS TABLE (
  day integer, type text, status text, pricing_category text, billable boolean, count bigint, last_at timestamptz,
  last_number bigint, total bigint
) LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    WITH walked AS MATERIALIZED (
      SELECT m.accepted_at, m.number, m.type, m.status, m.pricing_category, m.billable FROM messages m
      WHERE (%1$sm.accepted_at, m.number) > (%2$s$2, $3) AND (%1$sm.accepted_at) < (%2$s$4)
      ORDER BY %1$sm.accepted_at, m.number LIMIT $5
    )
    SELECT (w.accepted_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01' AS day, w.type, w.status, w.pricing_category,
      w.billable, count(*), last.accepted_at, last.number, (SELECT count(*) FROM walked)
    FROM walked w, (SELECT l.accepted_at, l.number FROM walked l ORDER BY l.accepted_at DESC, l.number DESC LIMIT 1) last
    GROUP BY 1, 2, 3, 4, 5, 7, 8
  $query$, CASE WHEN tenant IS NOT NULL THEN 'm.tenant_id, ' ELSE '' END, CASE WHEN tenant IS NOT NULL THEN '$1, ' ELSE '' END)
  USING tenant, behind, behind_number, before, up_to;
END $$;
