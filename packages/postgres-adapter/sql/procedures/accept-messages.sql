-- Adds a batch of new messages, with their outbox entries. Returns a row for each message that was not added, with the message that
-- already has its idempotency key, or with NULLs if that key is free by now. `block_lost`: another process has taken over
-- the quota block of the message's unit. The outbox entries that entered claimed are in a row of their own.
CREATE OR REPLACE FUNCTION accept_messages(
  process uuid, arriving json, documents text[], blocks text[], given_keys json, given_wamids json, entering json, entries text[],
  at timestamptz
) RETURNS TABLE (lost_id text, known_fingerprint text, known_document text, block_lost boolean, claimed text[]) LANGUAGE plpgsql AS $$
DECLARE
  lost_blocks text[];
  refused text[] := '{}';
  added text[];
  due_tenants text[];
  due_outlets text[];
  due_times timestamptz[];
  message record;
BEGIN
  lost_blocks := lock_blocks(process, blocks);
  IF json_array_length(given_keys) > 0 THEN refused := take_keys(given_keys, lost_blocks); END IF;

  WITH inserted AS (
    INSERT INTO messages (
      id, revision, tenant_id, idempotency_key, quota_block_id, keeps_unit, finished, due_at, accepted_at,
      outlet_id, conversation_id, recipient, reference, type, status, needs_attention, pricing_category,
      billable, order_at, delays_until, open, document, owner
    )
    SELECT m.*, process FROM ROWS FROM (
      json_to_recordset(arriving) AS (
        id text, revision integer, tenant_id text, idempotency_key text, quota_block_id text, keeps_unit boolean,
        finished boolean, due_at timestamptz, accepted_at timestamptz, outlet_id text, conversation_id text, recipient text,
        reference text, type text, status text, needs_attention boolean, pricing_category text, billable boolean,
        order_at timestamptz, delays_until timestamptz, open boolean
      ),
      unnest(documents)
    ) AS m (id, revision, tenant_id, idempotency_key, quota_block_id)
    WHERE m.quota_block_id <> ALL (lost_blocks) AND m.id <> ALL (refused)
    ORDER BY m.id COLLATE "C"
    ON CONFLICT DO NOTHING
    RETURNING messages.id, messages.finished, messages.due_at, messages.tenant_id, messages.outlet_id
  ), in_work AS (
    INSERT INTO messages_in_work SELECT inserted.id, process FROM inserted WHERE NOT inserted.finished AND inserted.due_at IS NULL
  )
  SELECT coalesce(array_agg(inserted.id), '{}'), array_agg(inserted.tenant_id) FILTER (WHERE inserted.due_at IS NOT NULL),
      array_agg(inserted.outlet_id) FILTER (WHERE inserted.due_at IS NOT NULL),
      array_agg(inserted.due_at) FILTER (WHERE inserted.due_at IS NOT NULL)
    INTO added, due_tenants, due_outlets, due_times FROM inserted;

  IF json_array_length(given_wamids) > 0 THEN
    INSERT INTO wamids SELECT w.wamid, w.id FROM json_to_recordset(given_wamids) AS w (wamid text, id text)
    WHERE EXISTS (SELECT FROM messages stored WHERE stored.id = w.id)
    ORDER BY w.wamid COLLATE "C"
    ON CONFLICT DO NOTHING;
  END IF;

  IF cardinality(entries) > 0 THEN
    claimed := add_entries(entering, entries, added, at);
    IF claimed IS NOT NULL THEN RETURN NEXT; END IF;
  END IF;

  IF due_times IS NOT NULL THEN PERFORM keep_lines(due_tenants, due_outlets, due_times); END IF;

  IF cardinality(added) = cardinality(documents) THEN RETURN; END IF;
  FOR message IN
    SELECT * FROM json_to_recordset(arriving) AS m (id text, tenant_id text, idempotency_key text, quota_block_id text)
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM messages stored WHERE stored.id = message.id);
    RETURN QUERY SELECT message.id, k.fingerprint, stored.document, false, NULL::text[]
      FROM idempotency_keys k JOIN messages stored ON stored.id = k.message_id
      WHERE k.tenant_id = message.tenant_id AND k.key = message.idempotency_key;
    IF NOT FOUND THEN
      -- A key whose message is gone is free.
      DELETE FROM idempotency_keys k WHERE k.tenant_id = message.tenant_id AND k.key = message.idempotency_key
        AND (SELECT stored.id FROM messages stored WHERE stored.id = k.message_id) IS NULL;
      RETURN QUERY SELECT message.id, NULL, NULL, message.quota_block_id = ANY (lost_blocks), NULL::text[];
    END IF;
  END LOOP;
END $$;
