-- Frees the lines of processes whose lease is over. They stay due as they were: whoever claims one finds out what is left of it.
CREATE OR REPLACE FUNCTION free_lines(owners uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM lines l WHERE l.owner = ANY (owners) ORDER BY l.tenant_id, l.outlet_id FOR NO KEY UPDATE;
  UPDATE lines l SET owner = NULL WHERE l.owner = ANY (owners);
END $$;
