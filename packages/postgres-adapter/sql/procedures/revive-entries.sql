-- Moves the dead entries of a topic back to the outbox, in their original order: all, or those whose ids begin with the prefix of a
-- message. Returns their number. A second run finds none.
CREATE OR REPLACE FUNCTION revive_entries(of_topic text, at timestamptz, prefix text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  revived bigint;
  ids text[];
BEGIN
  ids := ARRAY (
    SELECT d.id FROM dead_entries d WHERE d.topic = of_topic AND prefix IS NULL
    UNION ALL SELECT d.id FROM dead_entries_of(prefix) d
  );
  PERFORM FROM dead_entries d WHERE d.id = ANY (ids) ORDER BY d.id FOR UPDATE;
  WITH leaving AS (
    DELETE FROM dead_entries d WHERE d.id = ANY (ids) RETURNING *
  ), queues AS (
    INSERT INTO outbox_queues AS queue (topic, tenant_id, name, due_at)
    SELECT DISTINCT topic, tenant_id, name, at FROM leaving ORDER BY tenant_id, name
    ON CONFLICT (topic, tenant_id, name) DO UPDATE SET claims = queue.claims
    RETURNING queue.id, queue.tenant_id, queue.name
  )
  INSERT INTO outbox (id, queue, entry, enqueued_at)
  SELECT leaving.id, queues.id, leaving.entry, at FROM leaving JOIN queues USING (tenant_id, name)
  ORDER BY leaving.sequence
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS revived = ROW_COUNT;
  RETURN revived;
END $$;
