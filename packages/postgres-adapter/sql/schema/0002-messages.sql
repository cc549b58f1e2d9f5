-- The document is the message. The other columns are indexes: computed from the document, written with it, never read back
-- into it. The document is text because PostgreSQL's JSON types refuse some code points, and because checking JSON costs
-- more than writing it.
CREATE TABLE messages (
  id text COLLATE "C" PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY,
  revision integer NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  outlet_id text COLLATE "C" NOT NULL,
  conversation_id text COLLATE "C" NOT NULL,
  recipient text COLLATE "C" NOT NULL,
  -- With an escape for the code point 0, which PostgreSQL's text refuses.
  reference text COLLATE "C",
  type text COLLATE "C" NOT NULL,
  accepted_at timestamptz NOT NULL,
  -- Changes most often. No index has it.
  status text COLLATE "C" NOT NULL,
  -- Not sent, or perhaps not: few messages, which have indexes of their own.
  needs_attention boolean NOT NULL,
  -- What Meta says that it charges for. Changes with the status.
  pricing_category text COLLATE "C",
  billable boolean,
  idempotency_key text COLLATE "C",
  fingerprint text,
  quota_block_id text COLLATE "C" NOT NULL,
  keeps_unit boolean NOT NULL,
  finished boolean NOT NULL,
  -- The process that owns the message.
  owner uuid NOT NULL,
  -- When the queue should look at it. NULL: a waiting call works on it, an attempt is in flight, or it is finished.
  due_at timestamptz,
  document text NOT NULL
)
-- The outcome of a send and a status update change no column of an index. If the new row fits on the page of the old one, no index is
-- written (a HOT update). The messages of a page are sent at about the same time, so each needs its room at once.
WITH (fillfactor = 50);
CREATE UNIQUE INDEX messages_by_key ON messages (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_by_block ON messages (quota_block_id) WHERE keeps_unit;
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_with_key_by_age ON messages (accepted_at) WHERE idempotency_key IS NOT NULL;
-- For lists. Each ends with the order of a list.
CREATE INDEX messages_by_age ON messages (accepted_at, number);
CREATE INDEX messages_by_tenant ON messages (tenant_id, accepted_at, number);
CREATE INDEX messages_by_conversation ON messages (conversation_id, tenant_id, accepted_at, number);
CREATE INDEX messages_by_recipient ON messages (recipient, tenant_id, accepted_at, number);
CREATE INDEX messages_by_reference ON messages (reference, tenant_id, accepted_at, number) WHERE reference IS NOT NULL;
CREATE INDEX messages_needing_attention ON messages (accepted_at, number) WHERE needs_attention;
CREATE INDEX messages_needing_attention_by_tenant ON messages (tenant_id, accepted_at, number) WHERE needs_attention;

-- The unfinished messages that are not due in the queue, with the process that works on them: those of a process that has ended are
-- overdue. In an index of `messages`, each outcome would change it, and with it every other index.
CREATE TABLE messages_in_work (
  message_id text COLLATE "C" PRIMARY KEY,
  owner uuid NOT NULL
)
-- Each row is there for the time of a send.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- WhatsApp's ids of messages.
CREATE TABLE wamids (
  wamid text COLLATE "C" PRIMARY KEY,
  message_id text COLLATE "C" NOT NULL
);
