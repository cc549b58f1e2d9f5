-- Makes the rest that `validate_rest` has looked through the first partition, of all ids before its bound, and an empty rest beside it. It takes no
-- time, whatever is in it, but waits for all transactions that use messages, as a drop does: it gives up quickly.
CREATE OR REPLACE FUNCTION part_rest() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '3s' AS $$
DECLARE
  bound rest_bound;
  suffix text;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('message-sender partitions of ' || current_schema()));
  SELECT * INTO bound FROM rest_bound;
  IF NOT FOUND THEN RETURN; END IF;
  suffix := 'before_' || to_char(bound.ends_at AT TIME ZONE 'UTC', 'YYYYMMDD');
  -- Ends an automatic vacuum, which takes a second.
  LOCK TABLE messages_rest, wamids_rest IN SHARE UPDATE EXCLUSIVE MODE;
  PERFORM set_config('lock_timeout', '200ms', true);
  LOCK TABLE messages, wamids IN ACCESS EXCLUSIVE MODE;
  FOREACH name IN ARRAY ARRAY['messages', 'wamids'] LOOP
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', name, name || '_rest');
    EXECUTE format('ALTER TABLE %I RENAME TO %I', name || '_rest', name || '_' || suffix);
  END LOOP;
  FOR name IN
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid IN (to_regclass('messages_' || suffix), to_regclass('wamids_' || suffix))
  LOOP
    EXECUTE format('ALTER INDEX %I RENAME TO %I', name, left(regexp_replace(name, '^(messages|wamids)_rest', '\1_before'), 63));
  END LOOP;
  EXECUTE format('ALTER TABLE messages ATTACH PARTITION messages_%s FOR VALUES FROM (MINVALUE) TO (%L)', suffix, bound.end_id);
  EXECUTE format('ALTER TABLE wamids ATTACH PARTITION wamids_%s FOR VALUES FROM (MINVALUE) TO (%L)', suffix, bound.end_id);
  EXECUTE format('ALTER TABLE messages_%s DROP CONSTRAINT messages_rest_bound', suffix);
  EXECUTE format('ALTER TABLE wamids_%s DROP CONSTRAINT wamids_rest_bound', suffix);
  CREATE TABLE messages_rest (LIKE messages INCLUDING DEFAULTS) WITH (fillfactor = 50);
  CREATE TABLE wamids_rest (LIKE wamids, PRIMARY KEY (wamid));
  ALTER TABLE messages ATTACH PARTITION messages_rest DEFAULT;
  ALTER TABLE wamids ATTACH PARTITION wamids_rest DEFAULT;
  INSERT INTO partitions VALUES ('-infinity', bound.ends_at, '', bound.end_id, suffix);
  DELETE FROM rest_bound;
END $$;
