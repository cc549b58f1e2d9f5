-- Each of these is one statement to its caller, hence one transaction and one round trip. They work row by row where a
-- join could be planned badly over a table that grows fast, and in one order everywhere, so that no two wait for each
-- other in a circle. READ COMMITTED gives each statement within them a fresh view.

-- Gives those that were not added, with who has their key; nobody, when the key was freed meanwhile.
CREATE FUNCTION accept_messages(process uuid, arriving json, documents text[], given_wamids json)
RETURNS TABLE (lost_id text, known_fingerprint text, known_document text) LANGUAGE plpgsql AS $$
DECLARE
  added bigint;
  message record;
BEGIN
  INSERT INTO messages
    (id, revision, tenant_id, idempotency_key, fingerprint, quota_block_id, keeps_unit, finished, document, owner)
  SELECT m.*, process FROM ROWS FROM (
    json_to_recordset(arriving) AS (
      id text, revision integer, tenant_id text, idempotency_key text, fingerprint text, quota_block_id text,
      keeps_unit boolean, finished boolean
    ),
    unnest(documents)
  ) AS m (id, revision, tenant_id, idempotency_key)
  ORDER BY m.tenant_id COLLATE "C", m.idempotency_key COLLATE "C", m.id COLLATE "C"
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;

  INSERT INTO wamids SELECT w.wamid, w.id FROM json_to_recordset(given_wamids) AS w (wamid text, id text)
  WHERE EXISTS (SELECT FROM messages stored WHERE stored.id = w.id)
  ORDER BY w.wamid COLLATE "C"
  ON CONFLICT DO NOTHING;

  IF added = cardinality(documents) THEN RETURN; END IF;
  FOR message IN SELECT * FROM json_to_recordset(arriving) AS m (id text, tenant_id text, idempotency_key text) LOOP
    CONTINUE WHEN EXISTS (SELECT FROM messages stored WHERE stored.id = message.id);
    RETURN QUERY SELECT message.id, stored.fingerprint, stored.document FROM messages stored
      WHERE stored.tenant_id = message.tenant_id AND stored.idempotency_key = message.idempotency_key;
    IF NOT FOUND THEN RETURN QUERY SELECT message.id, NULL, NULL; END IF;
  END LOOP;
END $$;

-- Gives those that did not apply, with what is stored; nothing, when their message was never accepted.
-- Whose commit leaves a message unfinished works on it from then on.
CREATE FUNCTION commit_messages(
  process uuid, changes json, documents text[], entering json, entries text[], at timestamptz
) RETURNS TABLE (lost_id text, stored_document text) LANGUAGE plpgsql AS $$
DECLARE
  message record;
  adding record;
  lost text[] := '{}';
  entry_line bigint;
BEGIN
  FOR message IN
    SELECT * FROM ROWS FROM (
      json_to_recordset(changes) AS (
        id text, revision integer, has_key boolean, keeps_unit boolean, finished boolean, wamids text[]
      ),
      unnest(documents)
    ) AS m (id, revision, has_key, keeps_unit, finished, wamids, document)
    ORDER BY m.id COLLATE "C"
  LOOP
    UPDATE messages stored SET
      revision = message.revision,
      idempotency_key = CASE WHEN message.has_key THEN stored.idempotency_key END,
      keeps_unit = message.keeps_unit,
      finished = message.finished,
      owner = process,
      document = message.document
    WHERE stored.id = message.id AND stored.revision = message.revision - 1;
    IF NOT FOUND THEN
      lost := lost || message.id;
      lost_id := message.id;
      stored_document := (SELECT stored.document FROM messages stored WHERE stored.id = message.id);
      RETURN NEXT;
    ELSIF message.wamids IS NOT NULL THEN
      INSERT INTO wamids SELECT wamid, message.id FROM unnest(message.wamids) wamid ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;

  FOR adding IN
    SELECT * FROM ROWS FROM (
      json_to_recordset(entering) AS (id text, message_id text, tenant_id text, conversation_id text),
      unnest(entries)
    ) WITH ORDINALITY AS e (id, message_id, tenant_id, conversation_id, entry, place)
    ORDER BY e.tenant_id COLLATE "C", e.conversation_id COLLATE "C", e.place
  LOOP
    CONTINUE WHEN adding.message_id = ANY (lost) OR EXISTS (SELECT FROM outbox o WHERE o.id = adding.id);
    INSERT INTO outbox_lines AS line (tenant_id, conversation_id, due_at)
      VALUES (adding.tenant_id, adding.conversation_id, at)
      ON CONFLICT (tenant_id, conversation_id) DO UPDATE SET claims = line.claims
      RETURNING line.id INTO entry_line;
    INSERT INTO outbox (id, line, entry, enqueued_at) VALUES (adding.id, entry_line, adding.entry, at);
  END LOOP;
END $$;

CREATE FUNCTION claim_entries(up_to integer, at timestamptz, leased_until timestamptz)
RETURNS TABLE (entry_id text, claimed_entry text, entered_at timestamptz, earlier_claims integer) LANGUAGE plpgsql AS $$
DECLARE
  line outbox_lines;
BEGIN
  FOR line IN
    SELECT * FROM outbox_lines l WHERE l.due_at <= at ORDER BY l.due_at, l.id LIMIT up_to FOR UPDATE SKIP LOCKED
  LOOP
    UPDATE outbox_lines l SET due_at = leased_until, claims = l.claims + 1 WHERE l.id = line.id;
    RETURN QUERY SELECT o.id, o.entry, o.enqueued_at, line.claims FROM outbox o
      WHERE o.line = line.id AND NOT o.dead ORDER BY o.sequence LIMIT 1;
  END LOOP;
END $$;

-- Counts for the first of its line only. `at` is when that, or the next, is due.
CREATE FUNCTION settle_entries(ids text[], verdict text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  settled record;
BEGIN
  FOR settled IN
    SELECT o.id, o.line FROM outbox o JOIN outbox_lines l ON l.id = o.line
    WHERE o.id = ANY (ids) AND NOT o.dead ORDER BY l.tenant_id, l.conversation_id, o.sequence
  LOOP
    PERFORM FROM outbox_lines l WHERE l.id = settled.line FOR UPDATE;
    CONTINUE WHEN settled.id IS DISTINCT FROM
      (SELECT o.id FROM outbox o WHERE o.line = settled.line AND NOT o.dead ORDER BY o.sequence LIMIT 1);
    IF verdict = 'retry' THEN
      UPDATE outbox_lines l SET due_at = at WHERE l.id = settled.line;
      CONTINUE;
    ELSIF verdict = 'dead' THEN
      UPDATE outbox o SET dead = true WHERE o.id = settled.id;
    ELSE
      DELETE FROM outbox o WHERE o.id = settled.id;
    END IF;
    UPDATE outbox_lines l SET due_at = at, claims = 0
      WHERE l.id = settled.line AND EXISTS (SELECT FROM outbox o WHERE o.line = settled.line AND NOT o.dead);
    IF NOT FOUND THEN DELETE FROM outbox_lines l WHERE l.id = settled.line; END IF;
  END LOOP;
END $$;
