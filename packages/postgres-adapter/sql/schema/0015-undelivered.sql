-- What is known about the first entry of a queue: whether its claim still has its lease, and why it was not delivered the last time.
ALTER TABLE outbox_queues ADD COLUMN is_leased boolean NOT NULL DEFAULT false;
ALTER TABLE outbox_queues ADD COLUMN why text;

-- The same of a dead entry, with how often it was claimed. 0: it died before that was kept.
ALTER TABLE dead_entries ADD COLUMN claims integer NOT NULL DEFAULT 0;
ALTER TABLE dead_entries ADD COLUMN why text;
CREATE INDEX dead_entries_in_order ON dead_entries (topic, sequence);
CREATE INDEX dead_entries_of_tenant ON dead_entries (topic, tenant_id, sequence);

-- They have more parameters from now on.
DROP FUNCTION IF EXISTS settle_entries(text[], text, timestamptz);
DROP FUNCTION IF EXISTS revive_entries(text, timestamptz);
