-- The document is the message. The other columns are indexes: computed from the document, written with it, never read back
-- into it.
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
  -- The opening of the file that owns the message.
  opening INTEGER NOT NULL,
  document TEXT NOT NULL,
  -- When the queue should look at it. NULL: a waiting call works on it, an attempt is in flight, or it is finished.
  due_at INTEGER,
  accepted_at INTEGER NOT NULL DEFAULT 0,
  -- When `due_at` was set, on the same clock, which never goes back.
  due_set_at INTEGER
) STRICT;

CREATE UNIQUE INDEX messages_by_key ON messages (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_by_block ON messages (quota_block_id, is_finished) WHERE keeps_unit = 1;
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_left_behind ON messages (opening, number) WHERE is_finished = 0 AND due_at IS NULL;
CREATE INDEX messages_by_age ON messages (accepted_at);
CREATE INDEX messages_with_key_by_age ON messages (accepted_at) WHERE idempotency_key IS NOT NULL;

-- WhatsApp's ids of messages.
CREATE TABLE wamids (
  wamid TEXT PRIMARY KEY,
  message_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
