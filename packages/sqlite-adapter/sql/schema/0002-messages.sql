-- The document is the message. The other columns are indexes: computed from the document, written with it, never read back
-- into it.
CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  tenant_id TEXT NOT NULL,
  outlet_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  recipient TEXT NOT NULL,
  reference TEXT,
  type TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  -- Changes most often. No index has it.
  status TEXT NOT NULL,
  -- Not sent, or perhaps not: few messages, which have indexes of their own.
  needs_attention INTEGER NOT NULL,
  -- What Meta says that it charges for. Changes with the status.
  pricing_category TEXT,
  billable INTEGER,
  idempotency_key TEXT,
  fingerprint TEXT,
  quota_block_id TEXT NOT NULL,
  keeps_unit INTEGER NOT NULL,
  is_finished INTEGER NOT NULL,
  -- The opening of the file that owns the message.
  opening INTEGER NOT NULL,
  -- When the queue should look at it. NULL: a waiting call works on it, an attempt is in flight, or it is finished.
  due_at INTEGER,
  -- When `due_at` was set, on the same clock, which never goes back.
  due_set_at INTEGER,
  -- The last column: SQLite reads a row from its start, and only as far as it must.
  document TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX messages_by_key ON messages (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_by_block ON messages (quota_block_id) WHERE keeps_unit = 1;
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_left_behind ON messages (opening, number) WHERE is_finished = 0 AND due_at IS NULL;
CREATE INDEX messages_with_key_by_age ON messages (accepted_at) WHERE idempotency_key IS NOT NULL;
-- For lists. Each ends with `number`, as every index does, so it has the order of a list.
CREATE INDEX messages_by_age ON messages (accepted_at);
CREATE INDEX messages_by_tenant ON messages (tenant_id, accepted_at);
CREATE INDEX messages_by_conversation ON messages (conversation_id, tenant_id, accepted_at);
CREATE INDEX messages_by_recipient ON messages (recipient, tenant_id, accepted_at);
CREATE INDEX messages_by_reference ON messages (reference, tenant_id, accepted_at) WHERE reference IS NOT NULL;
CREATE INDEX messages_needing_attention ON messages (accepted_at) WHERE needs_attention = 1;
CREATE INDEX messages_needing_attention_by_tenant ON messages (tenant_id, accepted_at) WHERE needs_attention = 1;

-- WhatsApp's ids of messages.
CREATE TABLE wamids (
  wamid TEXT PRIMARY KEY,
  message_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
