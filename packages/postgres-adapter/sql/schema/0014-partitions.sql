-- Messages and their wamids in partitions by their ids, which are times: UUIDv7. A day of messages is dropped, where deleting it would cost
-- more than accepting it did. The default partitions, `messages_default` and `wamids_default`, have all ids that belong to no other: those of another
-- kind, and everything that was there before.
CREATE TABLE partitions (
  starts_at timestamptz PRIMARY KEY,
  ends_at timestamptz NOT NULL,
  -- Its ids are from `first_id` to the last one before `end_id`.
  first_id text COLLATE "C" NOT NULL,
  end_id text COLLATE "C" NOT NULL,
  -- What its tables end with: `messages_20261129`.
  suffix text NOT NULL
);

-- The default partition of an older store may be so large that it is attached as a range partition itself, of all ids before `end_id`. Its
-- constraint has to be validated before. One row meanwhile.
CREATE TABLE default_partition_bound (
  ends_at timestamptz NOT NULL,
  end_id text COLLATE "C" NOT NULL
);

ALTER TABLE messages RENAME TO messages_default;
ALTER TABLE wamids RENAME TO wamids_default;
DROP TRIGGER IF EXISTS match_parked_statuses ON wamids_default;
DO $$
DECLARE
  index_name name;
BEGIN
  FOR index_name IN
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid IN ('messages_default'::regclass, 'wamids_default'::regclass)
  LOOP
    EXECUTE format('ALTER INDEX %I RENAME TO %I', index_name, regexp_replace(index_name, '^(messages|wamids)', '\1_default'));
  END LOOP;
END $$;

CREATE TABLE messages (LIKE messages_default INCLUDING DEFAULTS, PRIMARY KEY (id)) PARTITION BY RANGE (id);
DO $$
DECLARE
  next bigint := nextval(pg_get_serial_sequence('messages_default', 'number'));
BEGIN
  ALTER TABLE messages_default ALTER COLUMN number DROP IDENTITY;
  EXECUTE format('ALTER TABLE messages ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (START WITH %s)', next);
END $$;
CREATE INDEX messages_by_block ON messages (quota_block_id) WHERE keeps_unit;
CREATE INDEX messages_by_due_at ON messages (tenant_id, outlet_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_by_order ON messages (tenant_id, outlet_id, order_at, id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_open_by_recipient ON messages (tenant_id, outlet_id, recipient, order_at, id) WHERE open;
CREATE INDEX messages_by_age ON messages (accepted_at, number);
CREATE INDEX messages_by_tenant ON messages (tenant_id, accepted_at, number);
CREATE INDEX messages_by_conversation ON messages (conversation_id, tenant_id, accepted_at, number);
CREATE INDEX messages_by_recipient ON messages (recipient, tenant_id, accepted_at, number);
CREATE INDEX messages_by_reference ON messages (reference, tenant_id, accepted_at, number) WHERE reference IS NOT NULL;
CREATE INDEX messages_needing_attention ON messages (accepted_at, number) WHERE needs_attention;
CREATE INDEX messages_needing_attention_by_tenant ON messages (tenant_id, accepted_at, number) WHERE needs_attention;
-- Takes no time, whatever is in it: its indexes are those, and no other partition excludes a row.
ALTER TABLE messages ATTACH PARTITION messages_default DEFAULT;

-- Each partition has a unique index of its own. That of the default partition, over the wamid alone, is from before.
CREATE TABLE wamids (
  wamid text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL
) PARTITION BY RANGE (message_id);
ALTER TABLE wamids ATTACH PARTITION wamids_default DEFAULT;
