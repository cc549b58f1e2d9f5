-- Ends the wait for a retry in the queues that hold entries of a message. One that is leased keeps its lease. Like a claim, it does not
-- wait for the disk.
CREATE OR REPLACE FUNCTION hasten_entries(prefix text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  -- In the order in which a settlement locks them.
  PERFORM FROM outbox_queues l WHERE l.id IN (SELECT e.queue FROM entries_of(prefix) e)
  ORDER BY (l.topic, l.tenant_id, l.name) FOR UPDATE;
  UPDATE outbox_queues l SET due_at = at
  WHERE l.id IN (SELECT e.queue FROM entries_of(prefix) e) AND l.due_at > at AND NOT l.is_leased;
END $$;
