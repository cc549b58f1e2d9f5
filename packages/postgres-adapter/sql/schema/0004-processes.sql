-- One row for each process that has the store open.
CREATE TABLE processes (
  id uuid PRIMARY KEY,
  heartbeat_at timestamptz NOT NULL DEFAULT now(),
  -- The time since which its heartbeats have had no gap.
  steady_since timestamptz NOT NULL DEFAULT now()
);

-- Quota blocks and requests that were taken over from a process that was presumed dead. If that process wakes up, it no longer
-- owns them.
CREATE TABLE taken_over (
  kind text NOT NULL,
  id text COLLATE "C" NOT NULL,
  owner uuid NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, id)
);
CREATE INDEX taken_over_by_taken_at ON taken_over (taken_at);
