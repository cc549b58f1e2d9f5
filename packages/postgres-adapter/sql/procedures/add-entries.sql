-- Adds the entries of the given messages to the outbox, each behind the earlier ones of its queue. An entry that is already there
-- is ignored. An entry with `leased_until` that is the first of its queue enters claimed. Returns the ids of those.
--
-- The queues are locked in the order in which a settlement locks them, so that the two cannot deadlock. The settings make the
-- planner use index lookups on tables that grow quickly, and plan only once.
CREATE OR REPLACE FUNCTION add_entries(entering json, entries text[], of_messages text[], at timestamptz)
RETURNS text[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = off AS $$
DECLARE
  claimed text[];
BEGIN
  WITH adding AS MATERIALIZED (
    SELECT * FROM ROWS FROM (
      json_to_recordset(entering) AS (
        id text, message_id text, topic text, tenant_id text, queue text, leased_until timestamptz
      ),
      unnest(entries)
    ) WITH ORDINALITY AS e (id, message_id, topic, tenant_id, name, leased_until, entry, place)
    WHERE e.message_id = ANY (of_messages) AND (SELECT o.id FROM outbox o WHERE o.id = e.id) IS NULL
  ), firsts AS MATERIALIZED (
    SELECT DISTINCT ON (1, 2, 3) topic COLLATE "C" AS topic, tenant_id COLLATE "C" AS tenant_id, name COLLATE "C" AS name, id, leased_until
    FROM adding ORDER BY 1, 2, 3, place
  ), queues AS (
    INSERT INTO outbox_queues AS queue (topic, tenant_id, name, due_at, claims, is_leased)
    SELECT topic, tenant_id, name, coalesce(leased_until, at), (leased_until IS NOT NULL)::integer, leased_until IS NOT NULL FROM firsts ORDER BY 1, 2, 3
    ON CONFLICT (topic, tenant_id, name) DO UPDATE SET claims = queue.claims
    -- A row that was there already has been locked, and has the transaction in `xmax`.
    RETURNING queue.id, queue.topic, queue.tenant_id, queue.name, queue.xmax = 0 AS is_new
  ), added AS (
    INSERT INTO outbox (id, queue, entry, enqueued_at)
    SELECT adding.id, queues.id, adding.entry, at FROM adding JOIN queues USING (topic, tenant_id, name) ORDER BY adding.place
    ON CONFLICT DO NOTHING
  )
  SELECT array_agg(firsts.id) INTO claimed FROM firsts JOIN queues USING (topic, tenant_id, name)
  WHERE queues.is_new AND firsts.leased_until IS NOT NULL;
  RETURN claimed;
END $$;
