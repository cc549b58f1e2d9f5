-- Stores webhooks, and adds each new one to the outbox if it is to be forwarded. A webhook that is already stored is ignored.
CREATE OR REPLACE FUNCTION add_webhooks(arriving json, documents text[], forward boolean, at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  adding record;
  entry_line bigint;
BEGIN
  FOR adding IN
    SELECT * FROM ROWS FROM (
      json_to_recordset(arriving) AS (id text, received_at timestamptz, entry_id text), unnest(documents)
    ) WITH ORDINALITY AS w (id, received_at, entry_id, document, place)
    ORDER BY w.id COLLATE "C", w.place
  LOOP
    INSERT INTO webhooks VALUES (adding.id, adding.received_at, adding.document) ON CONFLICT DO NOTHING;
    CONTINUE WHEN NOT FOUND OR NOT forward OR EXISTS (SELECT FROM outbox o WHERE o.id = adding.entry_id);
    INSERT INTO outbox_lines AS line (topic, tenant_id, name, due_at) VALUES ('webhook', '', adding.id, at)
      ON CONFLICT (topic, tenant_id, name) DO UPDATE SET claims = line.claims
      RETURNING line.id INTO entry_line;
    INSERT INTO outbox (id, line, entry, enqueued_at) VALUES (adding.entry_id, entry_line, adding.document, at);
  END LOOP;
END $$;
