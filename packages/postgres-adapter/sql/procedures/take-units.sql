-- Takes up to `wanted` units of a tenant's period, once per request. A take locks the counter. A settlement locks the take
-- first.
CREATE OR REPLACE FUNCTION take_units(
  request text, of_tenant text, of_period text, begins_at timestamptz, up_to bigint, wanted bigint, at timestamptz
) RETURNS TABLE (granted bigint, starts_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  counter quota_counters;
BEGIN
  INSERT INTO quota_counters VALUES (of_tenant, of_period, begins_at, 0) ON CONFLICT DO NOTHING;
  SELECT * INTO counter FROM quota_counters c WHERE c.tenant_id = of_tenant AND c.period = of_period FOR UPDATE;

  RETURN QUERY SELECT t.granted, t.starts_at FROM quota_takes t WHERE t.id = request;
  IF FOUND THEN RETURN; END IF;

  IF counter.starts_at < begins_at THEN
    counter.starts_at := begins_at;
    counter.used := 0;
  END IF;
  granted := greatest(0, least(wanted, up_to - counter.used));
  starts_at := counter.starts_at;
  UPDATE quota_counters c SET starts_at = counter.starts_at, used = counter.used + take_units.granted
    WHERE c.tenant_id = of_tenant AND c.period = of_period;
  IF granted > 0 THEN
    INSERT INTO quota_takes VALUES (request, of_tenant, of_period, starts_at, granted, granted, at);
  END IF;
  RETURN NEXT;
END $$;
