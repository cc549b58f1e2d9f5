-- Looks at a page of kept webhooks, the earliest first, and lets those enter the outbox that never did or are dead there. With
-- `again` those that were delivered enter too. A page has at least one webhook, however long its text.
--
-- The setting makes the planner use the index of phone numbers only where one is given.
CREATE OR REPLACE FUNCTION forward_webhooks(
  of_number text, behind timestamptz, behind_id text, before timestamptz, up_to bigint, max_bytes bigint,
  again boolean, at timestamptz
) RETURNS TABLE (matched bigint, entered bigint, last_at timestamptz, last_id text, has_more boolean) LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  kept record;
  bytes bigint := 0;
BEGIN
  matched := 0;
  entered := 0;
  has_more := false;
  FOR kept IN
    SELECT w.id, w.received_at, w.webhook, w.has_entered FROM webhooks w
    WHERE (of_number IS NULL OR w.phone_number_id = of_number)
      AND (w.received_at, w.id) > (behind, behind_id COLLATE "C") AND w.received_at < before
    ORDER BY w.received_at, w.id LIMIT up_to + 1 FOR UPDATE
  LOOP
    bytes := bytes + octet_length(kept.webhook);
    has_more := matched = up_to OR (bytes > max_bytes AND matched > 0);
    EXIT WHEN has_more;
    IF enter_webhook(kept.id, kept.webhook, again OR NOT kept.has_entered, at) THEN
      entered := entered + 1;
      UPDATE webhooks w SET has_entered = true WHERE w.id = kept.id AND NOT w.has_entered;
    END IF;
    matched := matched + 1;
    last_at := kept.received_at;
    last_id := kept.id;
  END LOOP;
  RETURN NEXT;
END $$;
