-- Whether an entry of the message is still in the outbox or among the dead entries. The id of such an entry is the message's
-- id, a colon and a version.
CREATE OR REPLACE FUNCTION has_history_entry(message text) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT EXISTS (
    SELECT FROM outbox o WHERE o.id > message || ':' AND o.id < message || ';'
      AND strpos(substr(o.id, length(message) + 2), ':') = 0
  ) OR EXISTS (
    SELECT FROM dead_entries d WHERE d.id > message || ':' AND d.id < message || ';'
      AND strpos(substr(d.id, length(message) + 2), ':') = 0
  )
$$;
