-- Proves that the database accepts commits. The heartbeat's row has room on its page, so the disk is tested first: a sort that
-- does not fit into memory writes a temporary file.
CREATE OR REPLACE FUNCTION probe_commit(process uuid) RETURNS void LANGUAGE plpgsql SET work_mem = '64kB' AS $$
BEGIN
  PERFORM count(DISTINCT md5(n::text) || repeat('x', 400)) FROM generate_series(1, 1000) n;
  PERFORM beat(process);
END $$;
