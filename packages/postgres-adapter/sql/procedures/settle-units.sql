-- Corrects the number of units that a request used. Units of a past period are not returned to the current one.
CREATE OR REPLACE FUNCTION settle_units(request text, units bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  take quota_takes;
BEGIN
  SELECT * INTO take FROM quota_takes t WHERE t.id = request FOR UPDATE;
  UPDATE quota_takes t SET used = units WHERE t.id = request;
  UPDATE quota_counters c SET used = c.used + units - take.used
    WHERE c.tenant_id = take.tenant_id AND c.period = take.period AND c.starts_at = take.starts_at;
END $$;
