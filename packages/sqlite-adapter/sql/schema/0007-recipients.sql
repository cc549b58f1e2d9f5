-- What is known about each recipient of each business phone number: when they last wrote, stopped marketing messages and
-- resumed them. `heard_at` is the latest of these times.
CREATE TABLE recipients (
  number INTEGER PRIMARY KEY,
  phone_number_id TEXT NOT NULL,
  recipient TEXT NOT NULL,
  wrote_at INTEGER,
  stopped_at INTEGER,
  resumed_at INTEGER,
  heard_at INTEGER NOT NULL,
  -- Such a row is never forgotten.
  has_stopped INTEGER GENERATED ALWAYS AS (stopped_at IS NOT NULL AND stopped_at >= coalesce(resumed_at, stopped_at)),
  -- WhatsApp's own id of the recipient, if it differs.
  known_as TEXT,
  UNIQUE (phone_number_id, recipient)
) STRICT;

CREATE INDEX recipients_by_age ON recipients (heard_at) WHERE has_stopped = 0;
