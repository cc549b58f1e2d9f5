-- A webhook is of no tenant, and a conversation of its own.
ALTER TABLE outbox ADD COLUMN topic TEXT NOT NULL DEFAULT 'history' CHECK (topic IN ('history', 'webhook'));

DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (topic, due_at, sequence) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (topic, sequence) WHERE state = 'dead';
