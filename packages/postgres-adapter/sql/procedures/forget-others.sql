-- Deletes rows that are older than the given times, at most `up_to` of each kind, and frees old idempotency keys. Returns the
-- number of rows. Locked rows are left for the next run.
CREATE OR REPLACE FUNCTION forget_others(
  keys_before timestamptz, parked_before timestamptz, webhooks_before timestamptz, takes_before timestamptz,
  entered_before timestamptz, up_to bigint, at timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  forgotten bigint;
  sum bigint;
  queues bigint[];
BEGIN
  -- A key of an unfinished message stays. The subquery is not merged into a join, which might read all messages.
  WITH old AS MATERIALIZED (
    SELECT k.tenant_id, k.key FROM idempotency_keys k
    WHERE k.used_at < keys_before AND (SELECT m.finished FROM messages m WHERE m.id = k.message_id) IS NOT FALSE
    ORDER BY k.used_at LIMIT up_to FOR UPDATE SKIP LOCKED
  )
  DELETE FROM idempotency_keys k USING old WHERE k.tenant_id = old.tenant_id AND k.key = old.key;
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

  DELETE FROM dead_entries WHERE id = ANY (ARRAY (
    SELECT d.id FROM dead_entries d WHERE d.topic IN ('status', 'webhook') AND d.enqueued_at < entered_before
    ORDER BY d.enqueued_at LIMIT up_to FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  sum := sum + forgotten;

  -- Waiting entries leave the front of their queues, which are locked in the order in which a settlement locks them.
  queues := ARRAY (
    SELECT l.id FROM outbox_queues l WHERE l.topic IN ('status', 'webhook') AND l.id IN (
      SELECT o.queue FROM outbox o WHERE o.enqueued_at < entered_before
    ) ORDER BY (l.topic, l.tenant_id, l.name) LIMIT up_to FOR UPDATE SKIP LOCKED
  );
  IF cardinality(queues) > 0 THEN
    DELETE FROM outbox WHERE id = ANY (ARRAY (
      SELECT o.id FROM outbox o WHERE o.queue = ANY (queues) AND o.enqueued_at < entered_before
      ORDER BY o.queue, o.sequence LIMIT up_to
    ));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    sum := sum + forgotten;
    DELETE FROM outbox_queues l WHERE l.id = ANY (queues) AND NOT EXISTS (SELECT FROM outbox o WHERE o.queue = l.id);
    UPDATE outbox_queues l SET due_at = least(l.due_at, at), claims = 0, is_leased = false, why = NULL WHERE l.id = ANY (queues);
  END IF;

  -- Not counted: takes of past periods, processes that ended without closing their store, and time lines that nobody uses.
  DELETE FROM quota_takes WHERE id = ANY (ARRAY (
    SELECT t.id FROM quota_takes t JOIN quota_counters c USING (tenant_id, period)
    WHERE t.taken_at < takes_before AND t.starts_at < c.starts_at ORDER BY t.taken_at LIMIT up_to
  ));
  DELETE FROM processes WHERE heartbeat_at < now() - interval '1 day';
  DELETE FROM number_rates WHERE number = ANY (ARRAY (
    SELECT r.number FROM number_rates r WHERE r.number <> '' AND r.next_at < clock_us() - 86400000000
    FOR UPDATE SKIP LOCKED
  ));
  RETURN sum;
END $$;
