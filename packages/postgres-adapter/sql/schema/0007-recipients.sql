-- What is known about each recipient of each business phone number: when they last wrote, stopped marketing messages and
-- resumed them. `heard_at` is the latest of these times.
CREATE TABLE recipients (
  phone_number_id text COLLATE "C" NOT NULL,
  recipient text COLLATE "C" NOT NULL,
  wrote_at timestamptz,
  stopped_at timestamptz,
  resumed_at timestamptz,
  heard_at timestamptz NOT NULL,
  -- Such a row is never forgotten.
  has_stopped boolean NOT NULL
    GENERATED ALWAYS AS (stopped_at IS NOT NULL AND stopped_at >= coalesce(resumed_at, stopped_at)) STORED,
  -- WhatsApp's own id of the recipient, if it differs.
  known_as text,
  PRIMARY KEY (phone_number_id, recipient)
);
CREATE INDEX recipients_by_heard_at ON recipients (heard_at) WHERE NOT has_stopped;
