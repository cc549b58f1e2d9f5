-- The dead entries whose ids begin with the prefix of a message, as `entries_of` finds those in the outbox.
CREATE OR REPLACE FUNCTION dead_entries_of(prefix text) RETURNS SETOF dead_entries STABLE LANGUAGE sql AS $$
  SELECT * FROM dead_entries d WHERE d.id > prefix AND d.id < left(prefix, -1) || ';' AND strpos(substr(d.id, length(prefix) + 1), ':') = 0
$$;
