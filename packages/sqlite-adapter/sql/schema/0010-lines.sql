-- What the queue needs to know of a message besides when it is due. The times are NULL for a message that was never in the queue.
ALTER TABLE messages ADD COLUMN order_at INTEGER;
-- Until when it delays later messages to its recipient while it is not due itself.
ALTER TABLE messages ADD COLUMN delays_until INTEGER;
-- In the queue, and unfinished.
ALTER TABLE messages ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;

-- The place of a message that was resent is that of its first accept here.
UPDATE messages SET is_open = 1, order_at = accepted_at, delays_until = accepted_at + 10000
  WHERE is_finished = 0 AND (due_at IS NOT NULL OR document LIKE '%"mode":"queued"%');

-- Only messages in the queue are in these.
DROP INDEX messages_due;
CREATE INDEX messages_by_due_at ON messages (tenant_id, outlet_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_by_order ON messages (tenant_id, outlet_id, order_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_open_by_recipient ON messages (tenant_id, outlet_id, recipient, order_at) WHERE is_open = 1;

-- A line is an outlet with messages that are due in the queue, now or later.
CREATE TABLE lines (
  tenant_id TEXT NOT NULL,
  outlet_id TEXT NOT NULL,
  -- Not later than the first of its messages. While it is held nobody raises it.
  due_at INTEGER NOT NULL,
  is_held INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, outlet_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lines_free ON lines (due_at) WHERE is_held = 0;
CREATE INDEX lines_held ON lines (is_held) WHERE is_held = 1;
INSERT INTO lines (tenant_id, outlet_id, due_at)
  SELECT tenant_id, outlet_id, min(due_at) FROM messages WHERE due_at IS NOT NULL GROUP BY tenant_id, outlet_id;
