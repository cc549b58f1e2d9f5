-- Describes up to `up_to` lines that have open messages, of one tenant or of all: first the one whose first message is due earliest, last
-- those whose messages are all in flight. Counts the messages of each no further than `count_to`. A line that is held may have any due time,
-- so all of those are looked at; of the free ones only the first.
CREATE OR REPLACE FUNCTION queue_state(tenant text, up_to bigint, count_to bigint, at timestamptz)
RETURNS TABLE (tenant_id text, outlet_id text, open bigint, due bigint, first_due_at timestamptz, is_held boolean) LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  WITH known AS (
    SELECT l.tenant_id, l.outlet_id FROM lines l WHERE l.owner IS NOT NULL AND (tenant IS NULL OR l.tenant_id = tenant)
    UNION (
      SELECT l.tenant_id, l.outlet_id FROM lines l WHERE l.owner IS NULL AND (tenant IS NULL OR l.tenant_id = tenant)
      ORDER BY l.due_at LIMIT up_to
    )
    UNION
    SELECT m.tenant_id, m.outlet_id FROM messages_in_work work JOIN messages m ON m.id = work.message_id
    WHERE m.open AND (tenant IS NULL OR m.tenant_id = tenant)
  ), first AS (
    SELECT known.*, (
      SELECT min(m.due_at) FROM messages m
      WHERE m.tenant_id = known.tenant_id AND m.outlet_id = known.outlet_id AND m.due_at IS NOT NULL
    ) AS due_at
    FROM known WHERE EXISTS (
      SELECT FROM messages m WHERE m.tenant_id = known.tenant_id AND m.outlet_id = known.outlet_id AND m.open
    )
    ORDER BY due_at NULLS LAST, tenant_id, outlet_id LIMIT up_to
  )
  SELECT first.tenant_id, first.outlet_id,
    (SELECT count(*) FROM (
      SELECT FROM messages m WHERE m.tenant_id = first.tenant_id AND m.outlet_id = first.outlet_id AND m.open LIMIT count_to
    ) counted),
    (SELECT count(*) FROM (
      SELECT FROM messages m WHERE m.tenant_id = first.tenant_id AND m.outlet_id = first.outlet_id AND m.due_at <= at LIMIT count_to
    ) counted),
    first.due_at,
    EXISTS (
      SELECT FROM lines l JOIN processes p ON p.id = l.owner
      WHERE l.tenant_id = first.tenant_id AND l.outlet_id = first.outlet_id AND p.lease_until > now()
    )
  FROM first ORDER BY first.due_at NULLS LAST, first.tenant_id, first.outlet_id
$$;
