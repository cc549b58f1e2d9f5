-- Makes the partitions of messages that are accepted at these times, where they are missing: whole days in UTC, as many as `days` says.
-- Returns all partitions. Fails if it has to wait for a lock, because others would wait behind it; meanwhile such messages go to the
-- default partition. Those that are there already move. If the default partition is large, scanning it would take too long, and no
-- partition is made: see `constrain_default_partition`.
--
-- It has the rights of the owner of the tables, since a process may have none but to read and change rows.
CREATE OR REPLACE FUNCTION make_partitions(times timestamptz[], days integer)
RETURNS TABLE (first_id text, end_id text, starts_at timestamptz, ends_at timestamptz) LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '1s' AS $$
DECLARE
  wanted timestamptz;
  begins timestamptz;
  ends timestamptz;
BEGIN
  FOREACH wanted IN ARRAY times LOOP
    CONTINUE WHEN EXISTS (SELECT FROM partitions p WHERE p.starts_at <= wanted AND p.ends_at > wanted);
    PERFORM pg_advisory_xact_lock(hashtext('message-sender partitions of ' || current_schema()));
    CONTINUE WHEN EXISTS (SELECT FROM partitions p WHERE p.starts_at <= wanted AND p.ends_at > wanted);
    EXIT WHEN default_partition_is_large();
    begins := date_bin(make_interval(days => days), wanted, timestamptz '1970-01-01Z');
    ends := begins + make_interval(days => days);
    -- The number of days may have been another one.
    SELECT max(p.ends_at) INTO begins FROM (VALUES (begins) UNION ALL SELECT p.ends_at FROM partitions p WHERE p.ends_at <= wanted) p (ends_at);
    SELECT min(p.starts_at) INTO ends FROM (VALUES (ends) UNION ALL SELECT p.starts_at FROM partitions p WHERE p.starts_at > wanted) p (starts_at);
    PERFORM make_partition(begins, ends);
  END LOOP;
  RETURN QUERY SELECT p.first_id, p.end_id, p.starts_at, p.ends_at FROM partitions p ORDER BY p.starts_at;
END $$;
