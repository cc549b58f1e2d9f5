-- Whether an entry of the message is still in the outbox or among the dead entries. The id of such an entry is the message's
-- id, a colon and a version.
CREATE OR REPLACE FUNCTION has_history_entry(message text) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT EXISTS (SELECT FROM entries_of(message || ':')) OR EXISTS (SELECT FROM dead_entries_of(message || ':'))
$$;
