-- When the queue is to look at a message; NULL where it is its caller's, in flight or finished.
ALTER TABLE messages ADD COLUMN due_at INTEGER;
ALTER TABLE messages ADD COLUMN accepted_at INTEGER NOT NULL DEFAULT 0;

-- Before there was a queue every message was a waiting call's.
UPDATE messages SET
  accepted_at = CAST(round(1000 * unixepoch(document ->> '$.acceptedAt', 'subsec')) AS INTEGER),
  document = json_set(document, '$.mode', 'waiting');

CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_by_age ON messages (accepted_at);
CREATE INDEX messages_with_key_by_age ON messages (accepted_at) WHERE idempotency_key IS NOT NULL;

DROP INDEX messages_unfinished;
CREATE INDEX messages_left_behind ON messages (opening, number) WHERE is_finished = 0 AND due_at IS NULL;
