-- Records that a process was killed: its lines are free, and what it left unfinished is overdue for the others. Its row stays: its heartbeats
-- prove that the database was reachable, should another process have been silent meanwhile.
CREATE OR REPLACE FUNCTION record_death(process uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE processes p SET has_died = true, machine = NULL, lease_until = '-infinity' WHERE p.id = process;
  PERFORM free_lines(ARRAY[process]);
END $$;
