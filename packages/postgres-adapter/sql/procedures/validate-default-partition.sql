-- Validates the constraints of the default partitions, while they are read and written. It may take minutes. The wait for its lock, behind
-- which nobody waits, ends an automatic vacuum.
CREATE OR REPLACE FUNCTION validate_default_partition() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '3s' AS $$
BEGIN
  ALTER TABLE messages_default VALIDATE CONSTRAINT messages_default_bound;
  ALTER TABLE wamids_default VALIDATE CONSTRAINT wamids_default_bound;
END $$;
