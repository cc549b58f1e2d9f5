-- Deletes the messages that still have the given revision, and their wamids. Returns the number of deleted messages.
CREATE OR REPLACE FUNCTION forget_messages(ids text[], revisions integer[], given_wamids text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  message record;
  forgotten bigint := 0;
BEGIN
  FOR message IN SELECT * FROM unnest(ids, revisions) AS m (id, revision) ORDER BY m.id COLLATE "C" LOOP
    DELETE FROM messages stored WHERE stored.id = message.id AND stored.revision = message.revision;
    IF FOUND THEN forgotten := forgotten + 1; END IF;
  END LOOP;
  DELETE FROM wamids w WHERE w.wamid = ANY (given_wamids)
    AND NOT EXISTS (SELECT FROM messages stored WHERE stored.id = w.message_id);
  RETURN forgotten;
END $$;
