-- Adds a webhook to the outbox, or adds it again if it is dead there. One that is waiting there is left as it is. Without
-- `if_absent` it enters only if it is dead. Returns whether it entered.
CREATE OR REPLACE FUNCTION enter_webhook(webhook_id text, document text, if_absent boolean, at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  given_id CONSTANT text := 'webhook:' || webhook_id;
  entry_queue bigint;
BEGIN
  DELETE FROM dead_entries d WHERE d.id = given_id;
  IF NOT FOUND AND (NOT if_absent OR EXISTS (SELECT FROM outbox o WHERE o.id = given_id)) THEN RETURN false; END IF;
  INSERT INTO outbox_queues AS queue (topic, tenant_id, name, due_at) VALUES ('webhook', '', webhook_id, at)
    ON CONFLICT (topic, tenant_id, name) DO UPDATE SET claims = queue.claims
    RETURNING queue.id INTO entry_queue;
  INSERT INTO outbox (id, queue, entry, enqueued_at) VALUES (given_id, entry_queue, document, at) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
