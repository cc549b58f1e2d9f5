-- How many other processes share the lines: those that work, and have renewed their lease within the first half of its time. A process that
-- has not is busy, suspended or dead, and claims nothing: what is due does not wait for it. It keeps the lines that it holds.
CREATE OR REPLACE FUNCTION other_workers(process uuid, lease_lasts interval) RETURNS bigint STABLE LANGUAGE sql AS $$
  SELECT count(*) FROM processes p WHERE p.works AND p.lease_until > now() + lease_lasts / 2 AND p.id <> process
$$;
