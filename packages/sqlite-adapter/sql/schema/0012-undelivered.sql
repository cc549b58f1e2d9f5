-- Why an entry was not delivered the last time, in words.
ALTER TABLE outbox ADD COLUMN why TEXT;
CREATE INDEX outbox_dead_of_tenant ON outbox (topic, tenant_id, sequence) WHERE state = 'dead';
