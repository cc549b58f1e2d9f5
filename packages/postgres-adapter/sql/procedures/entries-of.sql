-- The entries in the outbox whose ids begin with the prefix of a message, which ends with a colon. No version has a colon. The next
-- character after the colon is the semicolon.
CREATE OR REPLACE FUNCTION entries_of(prefix text) RETURNS SETOF outbox STABLE LANGUAGE sql AS $$
  SELECT * FROM outbox o WHERE o.id > prefix AND o.id < left(prefix, -1) || ';' AND strpos(substr(o.id, length(prefix) + 1), ':') = 0
$$;
