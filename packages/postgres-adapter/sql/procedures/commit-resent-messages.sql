-- Applies a batch of commits that contains resent messages. The block that a message moves to must still belong to the
-- committing process.
CREATE OR REPLACE FUNCTION commit_resent_messages(
  process uuid, changing text[], changes json, documents text[], entering json, entries text[], at timestamptz
) RETURNS TABLE (lost_id text, stored_document text, claimed text[]) LANGUAGE plpgsql AS $$
DECLARE
  blocks text[] := ARRAY (
    SELECT DISTINCT change.quota_block_id
    FROM json_to_recordset(changes) AS change (id text, revision integer, quota_block_id text)
    JOIN messages stored ON stored.id = change.id AND stored.revision = change.revision - 1
    WHERE stored.quota_block_id <> change.quota_block_id
  );
BEGIN
  IF cardinality(lock_blocks(process, blocks)) > 0 THEN
    RAISE EXCEPTION 'the unit belongs to a block of another process' USING ERRCODE = 'MS001';
  END IF;
  RETURN QUERY SELECT * FROM commit_messages(process, changing, changes, documents, entering, entries, at);
END $$;
