-- When the queue is to look at a message, and when it was accepted: for those from before, no later than now.
ALTER TABLE messages ADD COLUMN due_at timestamptz, ADD COLUMN accepted_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE messages ALTER COLUMN accepted_at DROP DEFAULT;
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
DROP INDEX messages_unfinished;
CREATE INDEX messages_unfinished ON messages (owner) WHERE NOT finished AND due_at IS NULL;
-- Each finished message is in one of these.
CREATE INDEX messages_finished_with_key ON messages (accepted_at) WHERE finished AND idempotency_key IS NOT NULL;
CREATE INDEX messages_finished_without_key ON messages (accepted_at) WHERE finished AND idempotency_key IS NULL;

CREATE OR REPLACE FUNCTION accept_messages(process uuid, arriving json, documents text[], given_wamids json)
RETURNS TABLE (lost_id text, known_fingerprint text, known_document text) LANGUAGE plpgsql AS $$
DECLARE
  added bigint;
  message record;
BEGIN
  INSERT INTO messages (
    id, revision, tenant_id, idempotency_key, fingerprint, quota_block_id, keeps_unit, finished, due_at, accepted_at,
    document, owner
  )
  SELECT m.*, process FROM ROWS FROM (
    json_to_recordset(arriving) AS (
      id text, revision integer, tenant_id text, idempotency_key text, fingerprint text, quota_block_id text,
      keeps_unit boolean, finished boolean, due_at timestamptz, accepted_at timestamptz
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

-- A line belongs to a topic. The history has one a conversation of a tenant; each webhook has its own, of no tenant.
ALTER TABLE outbox_lines ADD COLUMN topic text NOT NULL DEFAULT 'history';
ALTER TABLE outbox_lines ALTER COLUMN topic DROP DEFAULT;
ALTER TABLE outbox_lines RENAME COLUMN conversation_id TO name;
ALTER TABLE outbox_lines DROP CONSTRAINT outbox_lines_tenant_id_conversation_id_key;
CREATE UNIQUE INDEX outbox_lines_by_name ON outbox_lines (topic, tenant_id, name);
DROP INDEX outbox_lines_by_due_at;
CREATE INDEX outbox_lines_by_due_at ON outbox_lines (topic, due_at);

-- A dead entry has left its line, and keeps which that was. Those from before, whose line is gone, get one each.
CREATE TABLE dead_entries (
  id text COLLATE "C" PRIMARY KEY,
  topic text NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  entry text NOT NULL
);
CREATE INDEX dead_entries_by_topic ON dead_entries (topic);
INSERT INTO dead_entries
SELECT o.id, 'history', coalesce(l.tenant_id, ''), coalesce(l.name, o.id), o.sequence, o.entry
FROM outbox o LEFT JOIN outbox_lines l ON l.id = o.line WHERE o.dead;
DELETE FROM outbox WHERE dead;
ALTER TABLE outbox DROP COLUMN dead;
CREATE INDEX outbox_by_line ON outbox (line, sequence);

-- What follows works on a whole batch in a statement. Each locks its rows in one order first, so that no two wait for each
-- other in a circle, and only then looks at them: READ COMMITTED gives each statement a fresh view. The settings keep to
-- index lookups the plans of tables that grow fast, and make a plan once.
CREATE OR REPLACE FUNCTION commit_messages(
  process uuid, changes json, documents text[], entering json, entries text[], at timestamptz
) RETURNS TABLE (lost_id text, stored_document text) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = off AS $$
DECLARE
  changing text[] := ARRAY (SELECT c.id FROM json_to_recordset(changes) AS c (id text));
  changed text[];
BEGIN
  PERFORM FROM messages stored WHERE stored.id = ANY (changing) ORDER BY stored.id FOR UPDATE;

  WITH change AS MATERIALIZED (
    SELECT * FROM ROWS FROM (
      json_to_recordset(changes) AS (
        id text, revision integer, has_key boolean, keeps_unit boolean, finished boolean, due_at timestamptz,
        wamids text[]
      ),
      unnest(documents)
    ) AS m (id, revision, has_key, keeps_unit, finished, due_at, wamids, document)
  ), updated AS (
    -- A key that was purged stays free, although the document still says it.
    UPDATE messages stored SET
      revision = change.revision,
      idempotency_key = CASE WHEN change.has_key THEN stored.idempotency_key END,
      keeps_unit = change.keeps_unit,
      finished = change.finished,
      due_at = change.due_at,
      owner = process,
      document = change.document
    FROM change
    WHERE stored.id = ANY (changing) AND stored.id = change.id AND stored.revision = change.revision - 1
    RETURNING stored.id, change.wamids
  ), named AS (
    INSERT INTO wamids SELECT wamid, updated.id FROM updated, unnest(updated.wamids) wamid
    ORDER BY wamid COLLATE "C"
    ON CONFLICT DO NOTHING
  )
  SELECT coalesce(array_agg(updated.id), '{}') INTO changed FROM updated;

  IF json_array_length(entering) > 0 THEN
    WITH adding AS MATERIALIZED (
      SELECT * FROM ROWS FROM (
        json_to_recordset(entering) AS (id text, message_id text, tenant_id text, conversation_id text),
        unnest(entries)
      ) WITH ORDINALITY AS e (id, message_id, tenant_id, name, entry, place)
      WHERE e.message_id = ANY (changed) AND (SELECT o.id FROM outbox o WHERE o.id = e.id) IS NULL
    ), lines AS (
      INSERT INTO outbox_lines AS line (topic, tenant_id, name, due_at)
      SELECT DISTINCT 'history', tenant_id COLLATE "C", name COLLATE "C", at FROM adding ORDER BY 2, 3
      ON CONFLICT (topic, tenant_id, name) DO UPDATE SET claims = line.claims
      RETURNING line.id, line.tenant_id, line.name
    )
    INSERT INTO outbox (id, line, entry, enqueued_at)
    SELECT adding.id, lines.id, adding.entry, at FROM adding JOIN lines USING (tenant_id, name) ORDER BY adding.place
    ON CONFLICT DO NOTHING;
  END IF;

  IF cardinality(changed) < cardinality(changing) THEN
    RETURN QUERY SELECT lost.id, (SELECT stored.document FROM messages stored WHERE stored.id = lost.id)
      FROM unnest(changing) AS lost (id) WHERE lost.id <> ALL (changed);
  END IF;
END $$;

-- A claim or a settlement that a crash of the server takes back hands an entry out once more, which may happen anyway: they need
-- not wait for the disk.
DROP FUNCTION claim_entries(integer, timestamptz, timestamptz);
CREATE FUNCTION claim_entries(of_topic text, up_to bigint, at timestamptz, leased_until timestamptz)
RETURNS TABLE (entry_id text, claimed_entry text, entered_at timestamptz, earlier_claims integer) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  due bigint[];
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  due := ARRAY (
    SELECT l.id FROM outbox_lines l WHERE l.topic = of_topic AND l.due_at <= at
    ORDER BY l.due_at, l.id LIMIT up_to FOR UPDATE SKIP LOCKED
  );
  IF cardinality(due) = 0 THEN RETURN; END IF;
  RETURN QUERY
    WITH claimed AS (
      UPDATE outbox_lines l SET due_at = leased_until, claims = l.claims + 1 WHERE l.id = ANY (due)
      RETURNING l.id, l.claims - 1 AS earlier
    )
    SELECT first.id, first.entry, first.enqueued_at, claimed.earlier FROM claimed CROSS JOIN LATERAL (
      SELECT o.id, o.entry, o.enqueued_at FROM outbox o WHERE o.line = claimed.id ORDER BY o.sequence LIMIT 1
    ) first
    ORDER BY array_position(due, claimed.id);
END $$;

-- Counts for those with none before them in their line but each other. `at` is when they, or the next, are due.
CREATE OR REPLACE FUNCTION settle_entries(ids text[], verdict text, at timestamptz) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  lines bigint[];
  emptied bigint;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  lines := ARRAY (SELECT o.line FROM outbox o WHERE o.id = ANY (ids));
  -- By a row: no index has that order, which a plan could go through instead of looking up these lines.
  lines := ARRAY (
    SELECT l.id FROM outbox_lines l WHERE l.id = ANY (lines) ORDER BY (l.topic, l.tenant_id, l.name) FOR UPDATE
  );

  IF verdict = 'retry' THEN
    UPDATE outbox_lines l SET due_at = at WHERE l.id = ANY (lines)
      AND (SELECT o.id FROM outbox o WHERE o.line = l.id ORDER BY o.sequence LIMIT 1) = ANY (ids);
    RETURN;
  END IF;

  WITH gone AS (
    -- Not `= ANY (lines)`: no plan is to look up whole lines.
    DELETE FROM outbox o WHERE o.id = ANY (ids) AND array_position(lines, o.line) IS NOT NULL AND (
      SELECT earlier.id FROM outbox earlier
      WHERE earlier.line = o.line AND earlier.sequence < o.sequence AND earlier.id <> ALL (ids)
      ORDER BY earlier.sequence LIMIT 1
    ) IS NULL
    RETURNING o.*
  ), buried AS (
    INSERT INTO dead_entries SELECT gone.id, l.topic, l.tenant_id, l.name, gone.sequence, gone.entry
    FROM gone JOIN outbox_lines l ON l.id = gone.line WHERE l.id = ANY (lines) AND verdict = 'dead'
    ON CONFLICT DO NOTHING
  )
  SELECT array_agg(DISTINCT gone.line) INTO lines FROM gone;

  DELETE FROM outbox_lines l WHERE l.id = ANY (lines)
    AND (SELECT o.id FROM outbox o WHERE o.line = l.id ORDER BY o.sequence LIMIT 1) IS NULL;
  GET DIAGNOSTICS emptied = ROW_COUNT;
  IF emptied < cardinality(lines) THEN
    UPDATE outbox_lines l SET due_at = at, claims = 0 WHERE l.id = ANY (lines);
  END IF;
END $$;

-- In the order in which they entered; gives how many those were. Run again it finds none.
CREATE FUNCTION revive_entries(of_topic text, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  revived bigint;
BEGIN
  PERFORM FROM dead_entries d WHERE d.topic = of_topic ORDER BY d.id FOR UPDATE;
  WITH leaving AS (
    DELETE FROM dead_entries d WHERE d.topic = of_topic RETURNING *
  ), lines AS (
    INSERT INTO outbox_lines AS line (topic, tenant_id, name, due_at)
    SELECT DISTINCT topic, tenant_id, name, at FROM leaving ORDER BY tenant_id, name
    ON CONFLICT (topic, tenant_id, name) DO UPDATE SET claims = line.claims
    RETURNING line.id, line.tenant_id, line.name
  )
  INSERT INTO outbox (id, line, entry, enqueued_at)
  SELECT leaving.id, lines.id, leaving.entry, at FROM leaving JOIN lines USING (tenant_id, name)
  ORDER BY leaving.sequence
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS revived = ROW_COUNT;
  RETURN revived;
END $$;

-- Text as JSON keeps the code points that PostgreSQL's text refuses.
CREATE TABLE webhooks (
  id text COLLATE "C" PRIMARY KEY,
  received_at timestamptz NOT NULL,
  webhook text NOT NULL
);
CREATE INDEX webhooks_by_received_at ON webhooks (received_at);

CREATE FUNCTION add_webhooks(arriving json, documents text[], forward boolean, at timestamptz)
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

-- An update can be longer than an index takes: `digest` stands for all of it.
CREATE TABLE parked_statuses (
  digest text COLLATE "C" PRIMARY KEY,
  wamid text COLLATE "C" NOT NULL,
  status_update text NOT NULL,
  parked_at timestamptz NOT NULL
);
CREATE INDEX parked_statuses_by_parked_at ON parked_statuses (parked_at);

ALTER TABLE quota_blocks ALTER COLUMN granted TYPE bigint;
CREATE TABLE quota_requests (
  id text COLLATE "C" PRIMARY KEY,
  tenant_id text NOT NULL,
  amount bigint NOT NULL,
  ttl_ms bigint NOT NULL,
  owner uuid NOT NULL
);

CREATE TABLE quota_counters (
  tenant_id text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  starts_at timestamptz NOT NULL,
  used bigint NOT NULL,
  PRIMARY KEY (tenant_id, period)
);
-- What each request took. Who takes holds the lock of the counter; who settles first that of the take.
CREATE TABLE quota_takes (
  id text COLLATE "C" PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  starts_at timestamptz NOT NULL,
  granted bigint NOT NULL,
  used bigint NOT NULL,
  taken_at timestamptz NOT NULL
);
CREATE INDEX quota_takes_by_taken_at ON quota_takes (taken_at);

CREATE FUNCTION take_units(
  request text, of_tenant text, of_period text, begins_at timestamptz, up_to bigint, wanted bigint, at timestamptz
) RETURNS TABLE (granted bigint, starts_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  counter quota_counters;
BEGIN
  INSERT INTO quota_counters VALUES (of_tenant, of_period, begins_at, 0) ON CONFLICT DO NOTHING;
  SELECT * INTO counter FROM quota_counters c WHERE c.tenant_id = of_tenant AND c.period = of_period FOR UPDATE;

  RETURN QUERY SELECT t.granted, t.starts_at FROM quota_takes t WHERE t.id = request;
  IF FOUND THEN RETURN; END IF;

  IF counter.starts_at < begins_at THEN
    counter.starts_at := begins_at;
    counter.used := 0;
  END IF;
  granted := greatest(0, least(wanted, up_to - counter.used));
  starts_at := counter.starts_at;
  UPDATE quota_counters c SET starts_at = counter.starts_at, used = counter.used + take_units.granted
    WHERE c.tenant_id = of_tenant AND c.period = of_period;
  IF granted > 0 THEN
    INSERT INTO quota_takes VALUES (request, of_tenant, of_period, starts_at, granted, granted, at);
  END IF;
  RETURN NEXT;
END $$;

-- What goes back to a period that has passed is of no use to the one that is counted.
CREATE FUNCTION settle_units(request text, units bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  take quota_takes;
BEGIN
  SELECT * INTO take FROM quota_takes t WHERE t.id = request FOR UPDATE;
  UPDATE quota_takes t SET used = units WHERE t.id = request;
  UPDATE quota_counters c SET used = c.used + units - take.used
    WHERE c.tenant_id = take.tenant_id AND c.period = take.period AND c.starts_at = take.starts_at;
END $$;

-- What the outbox has of a message is named by its id and a version.
CREATE FUNCTION is_to_be_told(message text) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT EXISTS (
    SELECT FROM outbox o WHERE o.id > message || ':' AND o.id < message || ';'
      AND strpos(substr(o.id, length(message) + 2), ':') = 0
  ) OR EXISTS (
    SELECT FROM dead_entries d WHERE d.id > message || ':' AND d.id < message || ';'
      AND strpos(substr(d.id, length(message) + 2), ':') = 0
  )
$$;

-- Forgets messages that are as they were read, with their ids.
CREATE FUNCTION forget_messages(ids text[], revisions integer[], given_wamids text[]) RETURNS bigint LANGUAGE plpgsql AS $$
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

-- Forgets what is older than each of these, at most `up_to` of a kind. What is being changed is left for the next time.
CREATE FUNCTION forget_others(
  keys_before timestamptz, parked_before timestamptz, webhooks_before timestamptz, takes_before timestamptz, up_to bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  forgotten bigint;
  sum bigint;
BEGIN
  UPDATE messages SET idempotency_key = NULL WHERE id = ANY (ARRAY (
    SELECT m.id FROM messages m WHERE m.finished AND m.idempotency_key IS NOT NULL AND m.accepted_at < keys_before
    ORDER BY m.accepted_at LIMIT up_to FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS sum = ROW_COUNT;

  DELETE FROM parked_statuses WHERE digest = ANY (ARRAY (
    SELECT p.digest FROM parked_statuses p WHERE p.parked_at < parked_before
    ORDER BY p.parked_at LIMIT up_to FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  sum := sum + forgotten;

  DELETE FROM webhooks WHERE id = ANY (ARRAY (
    SELECT w.id FROM webhooks w WHERE w.received_at < webhooks_before
    ORDER BY w.received_at LIMIT up_to FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  sum := sum + forgotten;

  -- Of no use to anyone, and not counted: takes of periods that have passed, and processes that ended without goodbye.
  DELETE FROM quota_takes WHERE id = ANY (ARRAY (
    SELECT t.id FROM quota_takes t JOIN quota_counters c USING (tenant_id, period)
    WHERE t.taken_at < takes_before AND t.starts_at < c.starts_at ORDER BY t.taken_at LIMIT up_to
  ));
  DELETE FROM processes WHERE heartbeat_at < now() - interval '1 day';
  RETURN sum;
END $$;
