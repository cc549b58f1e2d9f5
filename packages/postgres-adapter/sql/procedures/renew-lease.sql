-- Records a heartbeat and begins the process's lease anew. Frees the lines of processes whose lease is over, and those of this one if its
-- lease was over for the others or, as `has_lapsed` says, by its own count. Returns how many lines the process holds beyond its share.
--
-- Two processes may decide at the same moment that a lease is over and that it goes on. The row of the process is locked, and says which.
CREATE OR REPLACE FUNCTION renew_lease(
  process uuid, lasts interval, claims boolean, has_lapsed boolean, at timestamptz, own_machine text, own_pid integer, own_ticks bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  was_over boolean;
  over uuid[];
  others bigint;
  held bigint;
BEGIN
  SELECT p.lease_until < now() INTO was_over FROM processes p WHERE p.id = process FOR NO KEY UPDATE;
  IF has_lapsed OR was_over IS DISTINCT FROM false THEN
    -- A process without a row has no lease.
    PERFORM free_lines(ARRAY (
      SELECT DISTINCT l.owner FROM lines l
      WHERE l.owner IS NOT NULL AND (l.owner = process OR NOT EXISTS (SELECT FROM processes p WHERE p.id = l.owner))
    ));
  END IF;
  PERFORM beat(process);
  SELECT count(*) INTO held FROM lines l WHERE l.owner = process;
  UPDATE processes p SET
    lease_until = now() + lasts, works = claims OR held > 0, machine = own_machine, pid = own_pid, started_ticks = own_ticks,
    has_died = false
  WHERE p.id = process;

  over := ARRAY (
    SELECT p.id FROM processes p WHERE p.lease_until < now() AND EXISTS (SELECT FROM lines l WHERE l.owner = p.id)
    ORDER BY p.id FOR UPDATE OF p SKIP LOCKED
  );
  IF cardinality(over) > 0 THEN
    UPDATE processes p SET lease_until = '-infinity' WHERE p.id = ANY (over);
    PERFORM free_lines(over);
  END IF;

  IF held = 0 THEN RETURN 0; END IF;
  others := other_workers(process, lasts);
  IF others = 0 THEN RETURN 0; END IF;
  RETURN greatest(0, held - share_of_lines(others + 1, at));
END $$;
