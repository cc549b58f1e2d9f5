-- Locks quota blocks until the transaction ends: a process that takes one of them over waits, and counts the messages of its units then.
-- Returns the ids of those that another process has taken over before.
--
-- The settings make the planner use index lookups on tables that grow quickly, and plan only once.
CREATE OR REPLACE FUNCTION lock_blocks(process uuid, blocks text[]) RETURNS text[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
  PERFORM FROM quota_blocks b WHERE b.id = ANY (blocks) ORDER BY b.id FOR SHARE;
  RETURN ARRAY (
    SELECT b.id FROM quota_blocks b WHERE b.id = ANY (blocks) AND b.owner <> process
    UNION ALL
    SELECT t.id FROM taken_over t WHERE t.kind = 'block' AND t.id = ANY (blocks) AND t.owner <> process
  );
END $$;
