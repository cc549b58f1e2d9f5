-- Looks at up to `look_at` messages that are older than a position, the newest first, until `up_to` of them match. Returns those.
-- If it stopped because it had looked at so many, its last row says so: `is_stop`. A row that does not match has no document.
--
-- `path` is the index to read. The planner must not choose another one, which may be much slower. So a walk compares rows, and
-- is ordered by every column of its index: no other index has that order. Without one tenant, the rows of a conversation are not
-- in the order of time: if they are few, they are sorted, otherwise the messages of all tenants are walked.
CREATE OR REPLACE FUNCTION list_messages(
  path text, tenant text, tenants text[], outlet text, conversation text, given_recipient text, given_reference text,
  given_status text, since timestamptz, before_at timestamptz, before_number bigint, up_to integer, look_at integer
) RETURNS TABLE (accepted_at timestamptz, number bigint, document text, is_stop boolean) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  most_sorted CONSTANT integer := 1000;
  -- The columns that precede the time in the index, and their values.
  columns text := CASE path WHEN 'conversation' THEN 'm.conversation_id, ' WHEN 'recipient' THEN 'm.recipient, '
    WHEN 'reference' THEN 'm.reference, ' ELSE '' END;
  parameters text := CASE path WHEN 'conversation' THEN '$4, ' WHEN 'recipient' THEN '$5, '
    WHEN 'reference' THEN '$6, ' ELSE '' END;
  condition text := CASE path WHEN 'attention' THEN 'm.needs_attention AND ' WHEN 'reference' THEN 'm.reference IS NOT NULL AND '
    ELSE '' END;
  ordering text;
  sorted text := CASE WHEN columns <> '' THEN format('(%s) = (%s)', rtrim(columns, ', '), rtrim(parameters, ', '))
    WHEN path = 'tenant' THEN 'm.tenant_id = ANY ($2)' END;
  is_few boolean := false;
  source text := 'messages m';
BEGIN
  IF tenant IS NOT NULL THEN
    columns := columns || 'm.tenant_id, ';
    parameters := parameters || '$1, ';
  ELSIF sorted IS NOT NULL THEN
    EXECUTE format('SELECT count(*) <= %s FROM (SELECT FROM messages m WHERE %s LIMIT %1$s + 1) few', most_sorted, sorted)
      INTO is_few USING tenant, tenants, outlet, conversation, given_recipient, given_reference;
    columns := '';
    parameters := '';
    condition := '';
  END IF;
  IF is_few THEN
    -- OFFSET 0 keeps the planner from walking the order of time instead.
    source := format('(SELECT * FROM messages m WHERE %s OFFSET 0) m', sorted);
    condition := '';
    ordering := 'm.accepted_at DESC, m.number DESC';
  ELSE
    ordering := replace(columns || 'm.accepted_at, m.number', ',', ' DESC,') || ' DESC';
  END IF;

  RETURN QUERY EXECUTE format($query$
    SELECT looked_at.accepted_at, looked_at.number,
      CASE WHEN looked_at.matches THEN (SELECT d.document FROM messages d WHERE d.id = looked_at.id) END,
      looked_at.place = $12
    FROM (
      SELECT m.accepted_at, m.number, m.id, row_number() OVER (ORDER BY %3$s) AS place,
        ($1 IS NULL OR m.tenant_id = $1) AND ($2 IS NULL OR m.tenant_id = ANY ($2)) AND ($3 IS NULL OR m.outlet_id = $3)
          AND ($4 IS NULL OR m.conversation_id = $4) AND ($5 IS NULL OR m.recipient = $5)
          AND ($6 IS NULL OR m.reference = $6) AND ($7 IS NULL OR m.status = $7) AS matches
      FROM %5$s
      WHERE %4$s (%1$sm.accepted_at) >= (%2$s$8) AND (%1$sm.accepted_at, m.number) < (%2$s$9, $10)
      ORDER BY %3$s LIMIT $12
    ) looked_at
    WHERE looked_at.matches OR looked_at.place = $12 LIMIT $11
  $query$, columns, parameters, ordering, condition, source)
  USING tenant, tenants, outlet, conversation, given_recipient, given_reference, given_status,
    coalesce(since, '-infinity'), coalesce(before_at, 'infinity'), before_number, up_to, look_at;
END $$;
