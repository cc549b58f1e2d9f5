-- Makes a partition of messages and wamids, and moves to it what the default partition has of it.
CREATE OR REPLACE FUNCTION make_partition(begins timestamptz, ends timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first text := id_at(begins);
  last text := id_at(ends);
  suffix text := to_char(begins AT TIME ZONE 'UTC', 'YYYYMMDD');
  columns text := (
    SELECT string_agg(quote_ident(a.attname), ', ') FROM pg_attribute a
    WHERE a.attrelid = 'messages'::regclass AND a.attnum > 0 AND NOT a.attisdropped
  );
BEGIN
  -- The outcome of a send and a status update change no column of an index. If the new row fits on the page of the old one, no index is
  -- written (a HOT update). The messages of a page are sent at about the same time, so each needs its room at once.
  EXECUTE format('CREATE TABLE messages_%s (LIKE messages INCLUDING DEFAULTS) WITH (fillfactor = 50)', suffix);
  EXECUTE format('CREATE TABLE wamids_%s (LIKE wamids, PRIMARY KEY (wamid, message_id))', suffix);
  LOCK TABLE messages_default, wamids_default IN ACCESS EXCLUSIVE MODE;
  EXECUTE format(
    'WITH moved AS (DELETE FROM messages_default WHERE id >= %L AND id < %L RETURNING %s) INSERT INTO messages_%s (%3$s) SELECT %3$s FROM moved',
    first, last, columns, suffix
  );
  EXECUTE format(
    'WITH moved AS (DELETE FROM wamids_default WHERE message_id >= %L AND message_id < %L RETURNING wamid, message_id)
     INSERT INTO wamids_%s (wamid, message_id) SELECT wamid, message_id FROM moved', first, last, suffix
  );
  EXECUTE format('ALTER TABLE messages ATTACH PARTITION messages_%s FOR VALUES FROM (%L) TO (%L)', suffix, first, last);
  EXECUTE format('ALTER TABLE wamids ATTACH PARTITION wamids_%s FOR VALUES FROM (%L) TO (%L)', suffix, first, last);
  INSERT INTO partitions VALUES (begins, ends, first, last, suffix);
END $$;
