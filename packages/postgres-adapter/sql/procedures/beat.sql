-- Records a heartbeat. A gap of more than 15 seconds ends the process's steady period.
CREATE OR REPLACE FUNCTION beat(process uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO processes AS known (id) VALUES (process) ON CONFLICT (id) DO UPDATE SET
    heartbeat_at = now(),
    steady_since = CASE WHEN known.heartbeat_at < now() - interval '15 seconds' THEN now() ELSE known.steady_since END
$$;
