-- Constrains a default partition that is so large that no partition can be made beside it: no id of it is later than the beginning of a
-- partition that begins in a day or more. New rows are checked at once; `validate_default_partition` checks those that are there. Returns
-- whether it has to. False too if there are ids of another kind, which sort after all times: such a default partition stays.
--
-- Until `attach_default_partition` has run, no later id may come. So if that time is near or past, because nothing has run since, the
-- constraint is dropped.
CREATE OR REPLACE FUNCTION constrain_default_partition(at timestamptz, days integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '1s' AS $$
DECLARE
  bound_at timestamptz := (SELECT r.ends_at FROM default_partition_bound r);
  bound text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('message-sender partitions of ' || current_schema()));
  IF bound_at > at + interval '1 hour' THEN RETURN true; END IF;
  IF bound_at IS NOT NULL THEN
    ALTER TABLE messages_default DROP CONSTRAINT messages_default_bound;
    ALTER TABLE wamids_default DROP CONSTRAINT wamids_default_bound;
    DELETE FROM default_partition_bound;
  END IF;
  IF NOT default_partition_is_large() OR EXISTS (SELECT FROM partitions) THEN RETURN false; END IF;
  bound_at := date_bin(make_interval(days => days), at + make_interval(days => days + 1), timestamptz '1970-01-01Z');
  bound := id_at(bound_at);
  IF (SELECT max(m.id) FROM messages_default m) >= bound THEN RETURN false; END IF;
  EXECUTE format('ALTER TABLE messages_default ADD CONSTRAINT messages_default_bound CHECK (id < %L) NOT VALID', bound);
  EXECUTE format('ALTER TABLE wamids_default ADD CONSTRAINT wamids_default_bound CHECK (message_id < %L) NOT VALID', bound);
  INSERT INTO default_partition_bound VALUES (bound_at, bound);
  RETURN true;
END $$;
