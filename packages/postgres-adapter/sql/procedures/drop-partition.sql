-- Drops the oldest partition of which nothing is needed any more: no message was accepted at `before` or later, none is unfinished, no history
-- entry of one waits, and none holds a unit of an open quota block. Returns how many messages it had, an estimate if those were many.
--
-- A drop waits for all transactions that use messages, and all later ones wait behind it: it gives up quickly and tries again. It has the
-- rights of the owner of the tables, since a process may have none but to read and change rows.
CREATE OR REPLACE FUNCTION drop_partition(before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
  tries_left integer := 10;
  counted_exactly CONSTANT bigint := 100000;
  old partitions;
  gone bigint;
BEGIN
  -- One process at a time makes or drops partitions.
  PERFORM pg_advisory_xact_lock(hashtext('message-sender partitions of ' || current_schema()));
  FOR old IN SELECT * FROM partitions p WHERE p.ends_at <= before ORDER BY p.starts_at LOOP
    CONTINUE WHEN partition_is_needed(old, before);
    EXECUTE format('SELECT count(*) FROM (SELECT FROM messages_%s LIMIT %s) counted', old.suffix, counted_exactly) INTO gone;
    IF gone = counted_exactly THEN
      SELECT greatest(gone, c.reltuples::bigint) INTO gone FROM pg_class c WHERE c.oid = to_regclass('messages_' || old.suffix);
    END IF;
    LOOP
      BEGIN
        -- Ends an automatic vacuum, which takes a second.
        PERFORM set_config('lock_timeout', '3s', true);
        EXECUTE format('LOCK TABLE messages_%s, wamids_%1$s IN SHARE UPDATE EXCLUSIVE MODE', old.suffix);
        PERFORM set_config('lock_timeout', '200ms', true);
        LOCK TABLE ONLY messages IN ACCESS EXCLUSIVE MODE;
        EXIT WHEN partition_is_needed(old, before);
        EXECUTE format('DROP TABLE messages_%s, wamids_%1$s', old.suffix);
        DELETE FROM partitions p WHERE p.starts_at = old.starts_at;
        IF gone > 0 THEN RETURN gone; END IF;
        EXIT;
      EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
        tries_left := tries_left - 1;
        IF tries_left = 0 THEN RETURN 0; END IF;
        PERFORM pg_sleep(0.1);
      END;
    END LOOP;
  END LOOP;
  RETURN 0;
END $$;
