-- Attaches the validated default partition as the first range partition, of all ids before its bound, and creates an empty default
-- partition. It takes no time, whatever is in it, but waits for all transactions that use messages, as a drop does: it gives up quickly.
CREATE OR REPLACE FUNCTION attach_default_partition() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '3s' AS $$
DECLARE
  bound default_partition_bound;
  suffix text;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('message-sender partitions of ' || current_schema()));
  SELECT * INTO bound FROM default_partition_bound;
  IF NOT FOUND THEN RETURN; END IF;
  suffix := 'before_' || to_char(bound.ends_at AT TIME ZONE 'UTC', 'YYYYMMDD');
  -- Ends an automatic vacuum, which takes a second.
  LOCK TABLE messages_default, wamids_default IN SHARE UPDATE EXCLUSIVE MODE;
  PERFORM set_config('lock_timeout', '200ms', true);
  LOCK TABLE messages, wamids IN ACCESS EXCLUSIVE MODE;
  FOREACH name IN ARRAY ARRAY['messages', 'wamids'] LOOP
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', name, name || '_default');
    EXECUTE format('ALTER TABLE %I RENAME TO %I', name || '_default', name || '_' || suffix);
  END LOOP;
  FOR name IN
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid IN (to_regclass('messages_' || suffix), to_regclass('wamids_' || suffix))
  LOOP
    EXECUTE format('ALTER INDEX %I RENAME TO %I', name, left(regexp_replace(name, '^(messages|wamids)_default', '\1_before'), 63));
  END LOOP;
  EXECUTE format('ALTER TABLE messages ATTACH PARTITION messages_%s FOR VALUES FROM (MINVALUE) TO (%L)', suffix, bound.end_id);
  EXECUTE format('ALTER TABLE wamids ATTACH PARTITION wamids_%s FOR VALUES FROM (MINVALUE) TO (%L)', suffix, bound.end_id);
  EXECUTE format('ALTER TABLE messages_%s DROP CONSTRAINT messages_default_bound', suffix);
  EXECUTE format('ALTER TABLE wamids_%s DROP CONSTRAINT wamids_default_bound', suffix);
  CREATE TABLE messages_default (LIKE messages INCLUDING DEFAULTS) WITH (fillfactor = 50);
  CREATE TABLE wamids_default (LIKE wamids, PRIMARY KEY (wamid));
  ALTER TABLE messages ATTACH PARTITION messages_default DEFAULT;
  ALTER TABLE wamids ATTACH PARTITION wamids_default DEFAULT;
  INSERT INTO partitions VALUES ('-infinity', bound.ends_at, '', bound.end_id, suffix);
  DELETE FROM default_partition_bound;
END $$;
