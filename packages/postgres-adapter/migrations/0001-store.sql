-- A message is its document. The other columns are indexes of it, written with it and never read back into it.
-- It is text: PostgreSQL's JSON refuses some code points, and to check it costs more than to write it.
CREATE TABLE messages (
  id text COLLATE "C" PRIMARY KEY,
  revision integer NOT NULL,
  tenant_id text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C",
  fingerprint text,
  quota_block_id text COLLATE "C" NOT NULL,
  keeps_unit boolean NOT NULL,
  finished boolean NOT NULL,
  owner uuid NOT NULL,
  document text NOT NULL
);
CREATE UNIQUE INDEX messages_by_key ON messages (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_by_block ON messages (quota_block_id) WHERE keeps_unit;
CREATE INDEX messages_unfinished ON messages (owner) WHERE NOT finished;

CREATE TABLE wamids (
  wamid text COLLATE "C" PRIMARY KEY,
  message_id text COLLATE "C" NOT NULL
);

-- One line a conversation that has entries to deliver. Who adds, claims or settles holds the lock of its line.
CREATE TABLE outbox_lines (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  conversation_id text COLLATE "C" NOT NULL,
  due_at timestamptz NOT NULL,
  claims integer NOT NULL DEFAULT 0,
  UNIQUE (tenant_id, conversation_id)
);
CREATE INDEX outbox_lines_by_due_at ON outbox_lines (due_at);

CREATE TABLE outbox (
  id text COLLATE "C" PRIMARY KEY,
  line bigint NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  entry text NOT NULL,
  enqueued_at timestamptz NOT NULL,
  dead boolean NOT NULL DEFAULT false
);
CREATE INDEX outbox_by_line ON outbox (line, sequence) WHERE NOT dead;

CREATE TABLE processes (
  id uuid PRIMARY KEY,
  heartbeat_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE quota_blocks (
  id text COLLATE "C" PRIMARY KEY,
  tenant_id text NOT NULL,
  granted integer NOT NULL,
  expires_at timestamptz NOT NULL,
  owner uuid NOT NULL
);

CREATE FUNCTION is_alive(process uuid) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT EXISTS (SELECT FROM processes p WHERE p.id = process AND p.heartbeat_at > now() - interval '45 seconds')
$$;
