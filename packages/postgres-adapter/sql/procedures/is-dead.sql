-- Whether the process has ended, or is presumed dead. One that closed its store has no row. Silence counts only if
-- heartbeats of other processes prove that the database was reachable meanwhile, for longer than a heartbeat takes: after an
-- outage every process looks silent at first.
CREATE OR REPLACE FUNCTION is_dead(process uuid) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT NOT EXISTS (
    SELECT FROM processes p WHERE p.id = process AND NOT p.has_died AND (
      p.heartbeat_at > now() - interval '45 seconds' OR NOT EXISTS (
        SELECT FROM processes other
        WHERE greatest(other.steady_since, p.heartbeat_at + interval '10 seconds')
          < least(other.heartbeat_at, now() - interval '10 seconds')
          OR other.steady_since BETWEEN p.heartbeat_at + interval '10 seconds' AND now() - interval '10 seconds'
      )
    )
  )
$$;
