-- Marks the parked statuses whose message has just become known.
CREATE OR REPLACE FUNCTION match_parked_statuses() RETURNS trigger LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
  UPDATE parked_statuses p SET matched = true
    WHERE p.wamid = ANY (ARRAY (SELECT named.wamid FROM named)) AND NOT p.matched;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER match_parked_statuses AFTER INSERT ON wamids REFERENCING NEW TABLE AS named
  FOR EACH STATEMENT EXECUTE FUNCTION match_parked_statuses();
