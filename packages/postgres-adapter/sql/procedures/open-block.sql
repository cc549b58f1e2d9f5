-- Replaces a request by its quota block. Returns false if another process has taken the request over: that process returns
-- the granted units.
CREATE OR REPLACE FUNCTION open_block(
  block text, of_tenant text, units bigint, expiry timestamptz, process uuid, request text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM quota_requests r WHERE r.id = request FOR UPDATE;
  IF EXISTS (SELECT FROM quota_requests r WHERE r.id = request AND r.owner <> process)
    OR EXISTS (SELECT FROM taken_over t WHERE t.kind = 'request' AND t.id = request AND t.owner <> process)
  THEN RETURN false; END IF;
  DELETE FROM quota_requests r WHERE r.id = request;
  INSERT INTO quota_blocks (id, tenant_id, granted, expires_at, owner)
    VALUES (block, of_tenant, units, expiry, process) ON CONFLICT (id) DO NOTHING;
  RETURN true;
END $$;
