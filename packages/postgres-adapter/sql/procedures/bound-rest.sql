-- Says of the rest, if it is so large that no partition can be made beside it, that no id of it is later than the beginning of a partition which
-- begins in a day or more. New rows are held to that at once; those that are there are looked through by `validate_rest`. Returns whether they
-- have to be. False too if there are ids of another kind, which sort after all times: such a rest stays.
--
-- Until `part_rest` has run, no later id may come. So if that time is near or past, because nothing has run since, the bound is taken back.
CREATE OR REPLACE FUNCTION bound_rest(at timestamptz, days integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '1s' AS $$
DECLARE
  bound_at timestamptz := (SELECT r.ends_at FROM rest_bound r);
  bound text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('message-sender partitions of ' || current_schema()));
  IF bound_at > at + interval '1 hour' THEN RETURN true; END IF;
  IF bound_at IS NOT NULL THEN
    ALTER TABLE messages_rest DROP CONSTRAINT messages_rest_bound;
    ALTER TABLE wamids_rest DROP CONSTRAINT wamids_rest_bound;
    DELETE FROM rest_bound;
  END IF;
  IF NOT rest_is_large() OR EXISTS (SELECT FROM partitions) THEN RETURN false; END IF;
  bound_at := date_bin(make_interval(days => days), at + make_interval(days => days + 1), timestamptz '1970-01-01Z');
  bound := id_at(bound_at);
  IF (SELECT max(m.id) FROM messages_rest m) >= bound THEN RETURN false; END IF;
  EXECUTE format('ALTER TABLE messages_rest ADD CONSTRAINT messages_rest_bound CHECK (id < %L) NOT VALID', bound);
  EXECUTE format('ALTER TABLE wamids_rest ADD CONSTRAINT wamids_rest_bound CHECK (message_id < %L) NOT VALID', bound);
  INSERT INTO rest_bound VALUES (bound_at, bound);
  RETURN true;
END $$;
