-- What the queue needs to know of a message besides when it is due. The times are NULL for a message that was never in the queue.
ALTER TABLE messages
  -- The place of the message in the order of its line.
  ADD COLUMN order_at timestamptz,
  -- Until when it delays later messages to its recipient while it is not due itself.
  ADD COLUMN delays_until timestamptz,
  -- In the queue, and unfinished.
  ADD COLUMN open boolean NOT NULL DEFAULT false;

-- The place of a message that was resent is that of its first accept here.
UPDATE messages SET open = true, order_at = accepted_at, delays_until = accepted_at + interval '10 seconds'
  WHERE NOT finished AND (due_at IS NOT NULL OR document LIKE '%"mode":"queued"%');

-- Only messages in the queue are in these, so that a waiting send and a status update write none of them.
DROP INDEX messages_due;
CREATE INDEX messages_by_due_at ON messages (tenant_id, outlet_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_by_order ON messages (tenant_id, outlet_id, order_at, id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_open_by_recipient ON messages (tenant_id, outlet_id, recipient, order_at, id) WHERE open;

-- A line is an outlet with messages that are due in the queue, now or later. Whoever holds it works on them: nobody else looks at them.
CREATE TABLE lines (
  tenant_id text COLLATE "C" NOT NULL,
  outlet_id text COLLATE "C" NOT NULL,
  -- Not later than the first of its messages. While it is held nobody raises it.
  due_at timestamptz NOT NULL,
  -- The process that holds it. NULL: none does.
  owner uuid,
  PRIMARY KEY (tenant_id, outlet_id)
)
-- A claim and a release each leave a dead row behind.
WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
-- Lines that are held cost a claim nothing.
CREATE INDEX lines_free ON lines (due_at, tenant_id, outlet_id) WHERE owner IS NULL;
CREATE INDEX lines_held ON lines (owner) WHERE owner IS NOT NULL;
INSERT INTO lines (tenant_id, outlet_id, due_at)
  SELECT tenant_id, outlet_id, min(due_at) FROM messages WHERE due_at IS NOT NULL GROUP BY tenant_id, outlet_id;

ALTER TABLE processes
  -- Until when it holds its lines. One lease for all of them, so that holding a line costs no write.
  ADD COLUMN lease_until timestamptz NOT NULL DEFAULT '-infinity',
  -- Whether it claims lines: it counts when they are shared out.
  ADD COLUMN works boolean NOT NULL DEFAULT false;
