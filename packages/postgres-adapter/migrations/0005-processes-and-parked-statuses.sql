-- Whether the messages are real or a sandbox's. A sandbox's answers must never stand for real ones.
CREATE TABLE store_stamp (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  stamp text NOT NULL
);

-- Since when a process has sent its heartbeats without a gap.
ALTER TABLE processes ADD COLUMN steady_since timestamptz NOT NULL DEFAULT now();

CREATE FUNCTION beat(process uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO processes AS known (id) VALUES (process) ON CONFLICT (id) DO UPDATE SET
    heartbeat_at = now(),
    steady_since = CASE WHEN known.heartbeat_at < now() - interval '15 seconds' THEN now() ELSE known.steady_since END
$$;

-- A process without a row has said goodbye. Silence counts only where others' heartbeats show that the database could be
-- had meanwhile, for longer than one takes: after an outage everybody seems silent at first.
CREATE FUNCTION is_dead(process uuid) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT NOT EXISTS (
    SELECT FROM processes p WHERE p.id = process AND (
      p.heartbeat_at > now() - interval '45 seconds' OR NOT EXISTS (
        SELECT FROM processes other
        WHERE greatest(other.steady_since, p.heartbeat_at + interval '10 seconds')
          < least(other.heartbeat_at, now() - interval '10 seconds')
          OR other.steady_since BETWEEN p.heartbeat_at + interval '10 seconds' AND now() - interval '10 seconds'
      )
    )
  )
$$;
DROP FUNCTION is_alive(uuid);

-- Proves that a commit is taken. The row has room on its page, so the disk is asked for more first: a sort that does not
-- fit into memory writes a temporary file.
CREATE FUNCTION take_commit(process uuid) RETURNS void LANGUAGE plpgsql SET work_mem = '64kB' AS $$
BEGIN
  PERFORM count(DISTINCT md5(n::text) || repeat('x', 400)) FROM generate_series(1, 1000) n;
  PERFORM beat(process);
END $$;

-- Blocks and requests that were taken over from a process that seemed dead. Should it wake, they are not its own any more.
CREATE TABLE taken_over (
  kind text NOT NULL,
  id text COLLATE "C" NOT NULL,
  owner uuid NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, id)
);
CREATE INDEX taken_over_by_taken_at ON taken_over (taken_at);

-- False where the request belongs to another process by now, which gives back what it was granted.
CREATE FUNCTION open_block(
  block text, of_tenant text, units bigint, expiry timestamptz, process uuid, request text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM quota_requests r WHERE r.id = request FOR UPDATE;
  IF EXISTS (SELECT FROM quota_requests r WHERE r.id = request AND r.owner <> process)
    OR EXISTS (SELECT FROM taken_over t WHERE t.kind = 'request' AND t.id = request AND t.owner <> process)
  THEN RETURN false; END IF;
  DELETE FROM quota_requests r WHERE r.id = request;
  INSERT INTO quota_blocks (id, tenant_id, granted, expires_at, owner)
    VALUES (block, of_tenant, units, expiry, process) ON CONFLICT (id) DO NOTHING;
  RETURN true;
END $$;

DROP FUNCTION accept_messages(uuid, json, text[], json);
CREATE FUNCTION accept_messages(process uuid, arriving json, documents text[], given_wamids json)
RETURNS TABLE (lost_id text, known_fingerprint text, known_document text, block_lost boolean) LANGUAGE plpgsql AS $$
DECLARE
  blocks text[] := ARRAY (SELECT DISTINCT m.quota_block_id FROM json_to_recordset(arriving) AS m (quota_block_id text));
  lost_blocks text[];
  added bigint;
  message record;
BEGIN
  -- Whoever takes a block over counts its messages afterwards, so it must wait for those that are on their way.
  PERFORM FROM quota_blocks b WHERE b.id = ANY (blocks) ORDER BY b.id FOR SHARE;
  lost_blocks := ARRAY (
    SELECT b.id FROM quota_blocks b WHERE b.id = ANY (blocks) AND b.owner <> process
    UNION ALL
    SELECT t.id FROM taken_over t WHERE t.kind = 'block' AND t.id = ANY (blocks) AND t.owner <> process
  );

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
  ) AS m (id, revision, tenant_id, idempotency_key, fingerprint, quota_block_id)
  WHERE m.quota_block_id <> ALL (lost_blocks)
  ORDER BY m.tenant_id COLLATE "C", m.idempotency_key COLLATE "C", m.id COLLATE "C"
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;

  INSERT INTO wamids SELECT w.wamid, w.id FROM json_to_recordset(given_wamids) AS w (wamid text, id text)
  WHERE EXISTS (SELECT FROM messages stored WHERE stored.id = w.id)
  ORDER BY w.wamid COLLATE "C"
  ON CONFLICT DO NOTHING;

  IF added = cardinality(documents) THEN RETURN; END IF;
  FOR message IN
    SELECT * FROM json_to_recordset(arriving) AS m (id text, tenant_id text, idempotency_key text, quota_block_id text)
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM messages stored WHERE stored.id = message.id);
    RETURN QUERY SELECT message.id, stored.fingerprint, stored.document, false FROM messages stored
      WHERE stored.tenant_id = message.tenant_id AND stored.idempotency_key = message.idempotency_key;
    IF NOT FOUND THEN
      RETURN QUERY SELECT message.id, NULL, NULL, message.quota_block_id = ANY (lost_blocks);
    END IF;
  END LOOP;
END $$;

-- A status is matched once a message has its wamid: nobody has to search those that are never ours. A commit that was
-- under way when it was parked may have missed it, hence the second look, once such a commit has ended.
ALTER TABLE parked_statuses
  ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN matched boolean NOT NULL DEFAULT false,
  ADD COLUMN look_again_at timestamptz DEFAULT now() + interval '30 seconds';
CREATE UNIQUE INDEX parked_statuses_by_number ON parked_statuses (number);
CREATE INDEX parked_statuses_unmatched ON parked_statuses (wamid) WHERE NOT matched;
CREATE INDEX parked_statuses_matched ON parked_statuses (number) WHERE matched;
CREATE INDEX parked_statuses_to_look_at ON parked_statuses (look_again_at) WHERE look_again_at IS NOT NULL;
UPDATE parked_statuses p SET matched = true WHERE EXISTS (SELECT FROM wamids w WHERE w.wamid = p.wamid);

CREATE FUNCTION match_parked_statuses() RETURNS trigger LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
  UPDATE parked_statuses p SET matched = true
    WHERE p.wamid = ANY (ARRAY (SELECT named.wamid FROM named)) AND NOT p.matched;
  RETURN NULL;
END $$;
CREATE TRIGGER match_parked_statuses AFTER INSERT ON wamids REFERENCING NEW TABLE AS named
  FOR EACH STATEMENT EXECUTE FUNCTION match_parked_statuses();

CREATE FUNCTION matched_statuses(up_to bigint) RETURNS TABLE (status_update text) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  due text[] := ARRAY (
    SELECT p.digest FROM parked_statuses p WHERE p.look_again_at < now()
    ORDER BY p.look_again_at LIMIT 1000 FOR UPDATE SKIP LOCKED
  );
BEGIN
  IF cardinality(due) > 0 THEN
    UPDATE parked_statuses p SET
      look_again_at = NULL, matched = p.matched OR EXISTS (SELECT FROM wamids w WHERE w.wamid = p.wamid)
      WHERE p.digest = ANY (due);
  END IF;
  RETURN QUERY SELECT p.status_update FROM parked_statuses p
    WHERE p.matched AND EXISTS (SELECT FROM wamids w WHERE w.wamid = p.wamid) ORDER BY p.number LIMIT up_to;
END $$;
