-- A queue is a sequence of entries that are delivered in order. One row for each queue with entries to deliver: the history has
-- a queue for each conversation of a tenant, status events have one for each message, and each webhook has a queue of its own,
-- without a tenant. Adding, claiming and settling an entry lock its queue.
CREATE TABLE outbox_queues (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  -- When the first entry may be claimed.
  due_at timestamptz NOT NULL,
  claims integer NOT NULL DEFAULT 0,
  topic text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX outbox_queues_by_name ON outbox_queues (topic, tenant_id, name);
CREATE INDEX outbox_queues_by_due_at ON outbox_queues (topic, due_at);

CREATE TABLE outbox (
  id text COLLATE "C" PRIMARY KEY,
  queue bigint NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  entry text NOT NULL,
  enqueued_at timestamptz NOT NULL
);
CREATE INDEX outbox_by_queue ON outbox (queue, sequence);

-- A dead entry has left its queue. It keeps the queue's name, so that it can return.
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
