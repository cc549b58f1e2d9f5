-- Applies a batch of commits, at most one per message; `changing` has the ids of the messages. Returns a row for each commit that did
-- not apply because the stored revision differs: with the stored document, or NULL if the message was never accepted. The outbox
-- entries that entered claimed are in a row of their own.
--
-- A commit makes the process the owner of the message, unless it is a bystander's. A message may move to another quota block. A
-- block whose units must be counted again is reopened.
--
-- The rows are first locked in a fixed order, so that two batches cannot deadlock, and read only then: under READ COMMITTED
-- each statement has a fresh snapshot. The settings make the planner use index lookups on tables that grow quickly, and plan
-- only once.
CREATE OR REPLACE FUNCTION commit_messages(
  process uuid, changing text[], changes json, documents text[], entering json, entries text[], at timestamptz
) RETURNS TABLE (lost_id text, stored_document text, claimed text[]) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = off AS $$
DECLARE
  lowest text;
  highest text;
  changed text[];
  due_tenants text[];
  due_outlets text[];
  due_times timestamptz[];
  freed text[];
BEGIN
  -- Partitions that have none of the messages are not looked at. The planner cannot tell from an array, but when it starts from two ids.
  SELECT min(id COLLATE "C"), max(id COLLATE "C") INTO lowest, highest FROM unnest(changing) AS id;
  PERFORM FROM messages stored WHERE stored.id = ANY (changing) AND stored.id >= lowest AND stored.id <= highest
    ORDER BY stored.id FOR UPDATE;

  WITH change AS MATERIALIZED (
    SELECT * FROM ROWS FROM (
      json_to_recordset(changes) AS (
        id text, revision integer, has_key boolean, quota_block_id text, keeps_unit boolean, finished boolean,
        due_at timestamptz, status text, needs_attention boolean, pricing_category text, billable boolean,
        is_bystander boolean, recounts_unit boolean, wamids text[], order_at timestamptz, delays_until timestamptz, open boolean
      ),
      unnest(documents)
    ) AS m (
      id, revision, has_key, quota_block_id, keeps_unit, finished, due_at, status, needs_attention,
      pricing_category, billable, is_bystander, recounts_unit, wamids, order_at, delays_until, open, document
    )
  ), updated AS (
    UPDATE messages stored SET
      revision = change.revision,
      quota_block_id = change.quota_block_id,
      keeps_unit = change.keeps_unit,
      finished = change.finished,
      due_at = change.due_at,
      -- A message keeps its place while it is open, however the clock is set.
      order_at = CASE WHEN stored.open THEN stored.order_at ELSE coalesce(change.order_at, stored.order_at) END,
      delays_until = change.delays_until,
      open = change.open,
      status = change.status,
      needs_attention = change.needs_attention,
      pricing_category = change.pricing_category,
      billable = change.billable,
      -- Nobody works on a message that stays finished.
      owner = CASE WHEN change.is_bystander OR (stored.finished AND change.finished) THEN stored.owner ELSE process END,
      document = change.document
    FROM change
    WHERE stored.id = ANY (changing) AND stored.id >= lowest AND stored.id <= highest
      AND stored.id = change.id AND stored.revision = change.revision - 1
    RETURNING stored.id, stored.tenant_id, stored.outlet_id, stored.due_at, change.wamids, change.quota_block_id,
      change.recounts_unit, stored.owner, stored.finished OR stored.due_at IS NOT NULL AS is_left,
      NOT change.has_key AND stored.idempotency_key IS NOT NULL AS frees_key
  ), begun AS (
    INSERT INTO messages_in_work AS work SELECT updated.id, updated.owner FROM updated WHERE NOT updated.is_left ORDER BY 1
    ON CONFLICT (message_id) DO UPDATE SET owner = excluded.owner WHERE work.owner <> excluded.owner
  ), ended AS (
    DELETE FROM messages_in_work work WHERE work.message_id = ANY (ARRAY (SELECT updated.id FROM updated WHERE updated.is_left))
  ), named AS (
    INSERT INTO wamids SELECT wamid, updated.id FROM updated, unnest(updated.wamids) wamid
    ORDER BY wamid COLLATE "C"
    ON CONFLICT DO NOTHING
  ), recounted AS (
    INSERT INTO quota_blocks (id, tenant_id, granted, expires_at, owner, is_recounted)
    SELECT DISTINCT updated.quota_block_id COLLATE "C", updated.tenant_id, 0, at, process, true
    FROM updated WHERE updated.recounts_unit ORDER BY 1
    ON CONFLICT (id) DO UPDATE SET is_recounted = true
  )
  SELECT coalesce(array_agg(updated.id), '{}'), array_agg(updated.tenant_id) FILTER (WHERE updated.due_at IS NOT NULL),
      array_agg(updated.outlet_id) FILTER (WHERE updated.due_at IS NOT NULL),
      array_agg(updated.due_at) FILTER (WHERE updated.due_at IS NOT NULL),
      array_agg(updated.id) FILTER (WHERE updated.frees_key)
    INTO changed, due_tenants, due_outlets, due_times, freed FROM updated;

  IF freed IS NOT NULL THEN PERFORM free_keys(freed); END IF;

  IF cardinality(entries) > 0 THEN
    claimed := add_entries(entering, entries, changed, at);
    IF claimed IS NOT NULL THEN RETURN NEXT; END IF;
  END IF;

  IF due_times IS NOT NULL THEN PERFORM keep_lines(due_tenants, due_outlets, due_times); END IF;

  IF cardinality(changed) < cardinality(changing) THEN
    RETURN QUERY SELECT lost.id, (SELECT stored.document FROM messages stored WHERE stored.id = lost.id), NULL::text[]
      FROM unnest(changing) AS lost (id) WHERE lost.id <> ALL (changed);
  END IF;
END $$;
