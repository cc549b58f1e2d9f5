-- Stores webhooks, and adds each new one to the outbox if it is to be forwarded. A webhook that is already stored is ignored.
CREATE OR REPLACE FUNCTION add_webhooks(arriving json, documents text[], forward boolean, at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  adding record;
BEGIN
  FOR adding IN
    SELECT * FROM ROWS FROM (
      json_to_recordset(arriving) AS (id text, received_at timestamptz, phone_number_id text), unnest(documents)
    ) WITH ORDINALITY AS w (id, received_at, phone_number_id, document, place)
    ORDER BY w.id COLLATE "C", w.place
  LOOP
    INSERT INTO webhooks (id, received_at, phone_number_id, webhook, has_entered)
      VALUES (adding.id, adding.received_at, adding.phone_number_id, adding.document, forward) ON CONFLICT DO NOTHING;
    IF FOUND AND forward THEN PERFORM enter_webhook(adding.id, adding.document, true, at); END IF;
  END LOOP;
END $$;
