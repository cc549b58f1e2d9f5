CREATE TABLE webhooks (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  received_at INTEGER NOT NULL,
  -- NULL if it names none, or several.
  phone_number_id TEXT,
  -- It has been in the outbox, or still is.
  has_entered INTEGER NOT NULL,
  webhook TEXT NOT NULL
) STRICT;

CREATE INDEX webhooks_by_position ON webhooks (received_at, id);
CREATE INDEX webhooks_by_phone_number ON webhooks (phone_number_id, received_at, id) WHERE phone_number_id IS NOT NULL;

-- Statuses that arrived before their message was known.
CREATE TABLE parked_statuses (
  number INTEGER PRIMARY KEY,
  wamid TEXT NOT NULL,
  status TEXT NOT NULL UNIQUE,
  parked_at INTEGER NOT NULL,
  -- The message of its wamid is known by now. Marked statuses are found without a search through those of other senders.
  is_matched INTEGER NOT NULL
) STRICT;

CREATE INDEX parked_statuses_unmatched ON parked_statuses (wamid) WHERE is_matched = 0;
CREATE INDEX parked_statuses_matched ON parked_statuses (number) WHERE is_matched = 1;
CREATE INDEX parked_statuses_by_age ON parked_statuses (parked_at);
