-- The parked statuses whose message is known by now. First checks the statuses that are due for a second look: a commit that
-- was in flight when they were parked may have missed them.
CREATE OR REPLACE FUNCTION matched_statuses(up_to bigint) RETURNS TABLE (status_update text) LANGUAGE plpgsql
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
