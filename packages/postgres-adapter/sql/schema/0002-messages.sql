-- The document is the message. The other columns are indexes: computed from the document, written with it, never read back
-- into it. The document is text because PostgreSQL's JSON types refuse some code points, and because checking JSON costs
-- more than writing it.
CREATE TABLE messages (
  id text COLLATE "C" PRIMARY KEY,
  revision integer NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C",
  fingerprint text,
  quota_block_id text COLLATE "C" NOT NULL,
  keeps_unit boolean NOT NULL,
  finished boolean NOT NULL,
  -- The process that owns the message.
  owner uuid NOT NULL,
  document text NOT NULL,
  -- When the queue should look at it. NULL: a waiting call works on it, an attempt is in flight, or it is finished.
  due_at timestamptz,
  accepted_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX messages_by_key ON messages (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_by_block ON messages (quota_block_id) WHERE keeps_unit;
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_unfinished ON messages (owner) WHERE NOT finished AND due_at IS NULL;
-- Each finished message is in one of these two indexes.
CREATE INDEX messages_finished_with_key ON messages (accepted_at) WHERE finished AND idempotency_key IS NOT NULL;
CREATE INDEX messages_finished_without_key ON messages (accepted_at) WHERE finished AND idempotency_key IS NULL;

-- WhatsApp's ids of messages.
CREATE TABLE wamids (
  wamid text COLLATE "C" PRIMARY KEY,
  message_id text COLLATE "C" NOT NULL
);
