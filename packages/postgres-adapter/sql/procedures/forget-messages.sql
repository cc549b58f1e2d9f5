-- Deletes the messages that still have the given revision, with their wamids and keys. Returns the number of deleted messages.
CREATE OR REPLACE FUNCTION forget_messages(ids text[], revisions integer[], given_wamids text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  message record;
  gone record;
  forgotten bigint := 0;
BEGIN
  FOR message IN SELECT * FROM unnest(ids, revisions) AS m (id, revision) ORDER BY m.id COLLATE "C" LOOP
    DELETE FROM messages stored WHERE stored.id = message.id AND stored.revision = message.revision
      RETURNING stored.id, stored.tenant_id, stored.idempotency_key INTO gone;
    CONTINUE WHEN NOT FOUND;
    forgotten := forgotten + 1;
    DELETE FROM idempotency_keys k
      WHERE k.tenant_id = gone.tenant_id AND k.key = gone.idempotency_key AND k.message_id = gone.id;
  END LOOP;
  DELETE FROM wamids w WHERE w.wamid = ANY (given_wamids)
    AND NOT EXISTS (SELECT FROM messages stored WHERE stored.id = w.message_id);
  RETURN forgotten;
END $$;
