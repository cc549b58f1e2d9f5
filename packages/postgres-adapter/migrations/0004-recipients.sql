-- What each recipient of each number told us, at the latest; `heard_at` is the latest of all.
CREATE TABLE recipients (
  phone_number_id text COLLATE "C" NOT NULL,
  recipient text COLLATE "C" NOT NULL,
  wrote_at timestamptz,
  stopped_at timestamptz,
  resumed_at timestamptz,
  heard_at timestamptz NOT NULL,
  -- Stays for as long as that is so.
  has_stopped boolean NOT NULL
    GENERATED ALWAYS AS (stopped_at IS NOT NULL AND stopped_at >= coalesce(resumed_at, stopped_at)) STORED,
  PRIMARY KEY (phone_number_id, recipient)
);
CREATE INDEX recipients_by_heard_at ON recipients (heard_at) WHERE NOT has_stopped;
