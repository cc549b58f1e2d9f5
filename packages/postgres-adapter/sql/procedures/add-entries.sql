-- Adds the entries of the given messages to the outbox, each behind the earlier ones of its queue. An entry that is already there
-- is ignored.
--
-- The queues are locked in the order in which a settlement locks them, so that the two cannot deadlock. The settings make the
-- planner use index lookups on tables that grow quickly, and plan only once.
CREATE OR REPLACE FUNCTION add_entries(entering json, entries text[], of_messages text[], at timestamptz)
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = off AS $$
BEGIN
  WITH adding AS MATERIALIZED (
    SELECT * FROM ROWS FROM (
      json_to_recordset(entering) AS (id text, message_id text, topic text, tenant_id text, queue text),
      unnest(entries)
    ) WITH ORDINALITY AS e (id, message_id, topic, tenant_id, name, entry, place)
    WHERE e.message_id = ANY (of_messages) AND (SELECT o.id FROM outbox o WHERE o.id = e.id) IS NULL
  ), queues AS (
    INSERT INTO outbox_queues AS queue (topic, tenant_id, name, due_at)
    SELECT DISTINCT topic COLLATE "C", tenant_id COLLATE "C", name COLLATE "C", at FROM adding ORDER BY 1, 2, 3
    ON CONFLICT (topic, tenant_id, name) DO UPDATE SET claims = queue.claims
    RETURNING queue.id, queue.topic, queue.tenant_id, queue.name
  )
  INSERT INTO outbox (id, queue, entry, enqueued_at)
  SELECT adding.id, queues.id, adding.entry, at FROM adding JOIN queues USING (topic, tenant_id, name) ORDER BY adding.place
  ON CONFLICT DO NOTHING;
END $$;
