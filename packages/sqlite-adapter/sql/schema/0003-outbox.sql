-- Entries to deliver. The entries of one topic, tenant and queue are delivered in order: the history has a queue for each
-- conversation, and status events have one for each message. A webhook has no tenant, and a queue of its own.
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  topic TEXT NOT NULL CHECK (topic IN ('history', 'webhook', 'status')),
  tenant_id TEXT NOT NULL,
  queue TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
  -- Only the first waiting entry of a queue has a due time, so that a claim does not read the entries behind it.
  due_at INTEGER,
  is_leased INTEGER NOT NULL DEFAULT 0,
  claims INTEGER NOT NULL DEFAULT 0,
  enqueued_at INTEGER NOT NULL,
  entry TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_queues ON outbox (topic, tenant_id, queue, sequence) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (topic, due_at, sequence) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (topic, sequence) WHERE state = 'dead';
