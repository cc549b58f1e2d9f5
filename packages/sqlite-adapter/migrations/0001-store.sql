-- One row an opening of the file: a message is left behind when a later one has begun.
CREATE TABLE openings (
  number INTEGER PRIMARY KEY
) STRICT;

-- The document is the message; the other columns are what it is looked up by.
CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  tenant_id TEXT NOT NULL,
  idempotency_key TEXT,
  fingerprint TEXT,
  quota_block_id TEXT NOT NULL,
  keeps_unit INTEGER NOT NULL,
  is_finished INTEGER NOT NULL,
  -- The opening that wrote to it last.
  opening INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX messages_by_key ON messages (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_by_block ON messages (quota_block_id) WHERE keeps_unit = 1;
CREATE INDEX messages_unfinished ON messages (opening, number) WHERE is_finished = 0;

CREATE TABLE wamids (
  wamid TEXT PRIMARY KEY,
  message_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Only the first that waits of a conversation has a due time, so that what is behind it costs a claim nothing.
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
  due_at INTEGER,
  is_leased INTEGER NOT NULL DEFAULT 0,
  claims INTEGER NOT NULL DEFAULT 0,
  enqueued_at INTEGER NOT NULL,
  entry TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_lines ON outbox (tenant_id, conversation_id, sequence) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (due_at, sequence) WHERE due_at IS NOT NULL;

CREATE TABLE quota_blocks (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  granted INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
