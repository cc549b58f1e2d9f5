-- A webhook is JSON in a text column, with escapes for the code points that PostgreSQL's text refuses.
CREATE TABLE webhooks (
  id text COLLATE "C" PRIMARY KEY,
  received_at timestamptz NOT NULL,
  -- NULL if it names none, or several.
  phone_number_id text COLLATE "C",
  -- It has been in the outbox, or still is.
  has_entered boolean NOT NULL,
  webhook text NOT NULL
);
CREATE INDEX webhooks_by_position ON webhooks (received_at, id);
CREATE INDEX webhooks_by_phone_number ON webhooks (phone_number_id, received_at, id) WHERE phone_number_id IS NOT NULL;

-- Statuses that arrived before their message was known. `digest` identifies the complete update, which may be too long for an
-- index entry.
CREATE TABLE parked_statuses (
  digest text COLLATE "C" PRIMARY KEY,
  wamid text COLLATE "C" NOT NULL,
  status_update text NOT NULL,
  parked_at timestamptz NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  -- The message of its wamid is known by now. Marked statuses are found without a search through those of other senders.
  matched boolean NOT NULL DEFAULT false,
  -- When to look for its message again: a commit that was in flight when the status was parked may have missed it.
  look_again_at timestamptz DEFAULT now() + interval '30 seconds'
);
CREATE INDEX parked_statuses_by_parked_at ON parked_statuses (parked_at);
CREATE UNIQUE INDEX parked_statuses_by_number ON parked_statuses (number);
CREATE INDEX parked_statuses_unmatched ON parked_statuses (wamid) WHERE NOT matched;
CREATE INDEX parked_statuses_matched ON parked_statuses (number) WHERE matched;
CREATE INDEX parked_statuses_to_look_at ON parked_statuses (look_again_at) WHERE look_again_at IS NOT NULL;
