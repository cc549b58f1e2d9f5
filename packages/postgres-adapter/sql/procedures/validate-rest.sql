-- Looks through the rest, while it is read and written. It may take minutes. The wait for its lock, behind
-- which nobody waits, ends an automatic vacuum.
CREATE OR REPLACE FUNCTION validate_rest() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '3s' AS $$
BEGIN
  ALTER TABLE messages_rest VALIDATE CONSTRAINT messages_rest_bound;
  ALTER TABLE wamids_rest VALIDATE CONSTRAINT wamids_rest_bound;
END $$;
