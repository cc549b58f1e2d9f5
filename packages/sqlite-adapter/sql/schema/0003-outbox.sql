-- Entries to deliver. Those of a conversation are delivered in order. A webhook has no tenant, and a conversation of its own.
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
  -- Only the first waiting entry of a conversation has a due time, so that a claim does not read the entries behind it.
  due_at INTEGER,
  is_leased INTEGER NOT NULL DEFAULT 0,
  claims INTEGER NOT NULL DEFAULT 0,
  enqueued_at INTEGER NOT NULL,
  entry TEXT NOT NULL,
  topic TEXT NOT NULL DEFAULT 'history' CHECK (topic IN ('history', 'webhook'))
) STRICT;

CREATE INDEX outbox_lines ON outbox (tenant_id, conversation_id, sequence) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (topic, due_at, sequence) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (topic, sequence) WHERE state = 'dead';
