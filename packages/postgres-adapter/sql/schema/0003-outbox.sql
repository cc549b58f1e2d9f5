-- A line is a sequence of entries that are delivered in order. One row for each line with entries to deliver: the history has
-- a line for each conversation of a tenant, status events have one for each message, and each webhook has a line of its own,
-- without a tenant. Adding, claiming and settling an entry lock its line.
CREATE TABLE outbox_lines (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  -- When the first entry may be claimed.
  due_at timestamptz NOT NULL,
  claims integer NOT NULL DEFAULT 0,
  topic text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX outbox_lines_by_name ON outbox_lines (topic, tenant_id, name);
CREATE INDEX outbox_lines_by_due_at ON outbox_lines (topic, due_at);

CREATE TABLE outbox (
  id text COLLATE "C" PRIMARY KEY,
  line bigint NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  entry text NOT NULL,
  enqueued_at timestamptz NOT NULL
);
CREATE INDEX outbox_by_line ON outbox (line, sequence);

-- A dead entry has left its line. It keeps the line's name, so that it can return.
CREATE TABLE dead_entries (
  id text COLLATE "C" PRIMARY KEY,
  topic text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  entry text NOT NULL,
  enqueued_at timestamptz NOT NULL
);
CREATE INDEX dead_entries_by_topic ON dead_entries (topic, enqueued_at);
