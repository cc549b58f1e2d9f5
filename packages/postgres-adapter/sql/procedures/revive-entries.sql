-- Moves the dead entries of a topic back to the outbox, in their original order. Returns their number. A second run finds none.
CREATE OR REPLACE FUNCTION revive_entries(of_topic text, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  revived bigint;
BEGIN
  PERFORM FROM dead_entries d WHERE d.topic = of_topic ORDER BY d.id FOR UPDATE;
  WITH leaving AS (
    DELETE FROM dead_entries d WHERE d.topic = of_topic RETURNING *
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
