-- The idempotency keys in use. A key enters in the commit that accepts its message, and this table's primary key decides which of several
-- messages has it. It leaves long before its message does, or earlier, if it is freed.
CREATE TABLE idempotency_keys (
  tenant_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  fingerprint text NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  -- When the message was accepted.
  used_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key)
);
INSERT INTO idempotency_keys
  SELECT tenant_id, idempotency_key, coalesce(fingerprint, ''), id, accepted_at FROM messages WHERE idempotency_key IS NOT NULL;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (used_at);

-- `messages.idempotency_key` stays: the key with which a message was accepted, which may be another message's by now.
DROP INDEX messages_by_key;
DROP INDEX messages_with_key_by_age;
ALTER TABLE messages DROP COLUMN fingerprint;
