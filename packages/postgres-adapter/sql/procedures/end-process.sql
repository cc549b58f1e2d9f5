-- Records that the process has ended: its lines are free, and what it left unfinished is overdue for the others.
CREATE OR REPLACE FUNCTION end_process(process uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM processes p WHERE p.id = process;
  PERFORM free_lines(ARRAY[process]);
END $$;
