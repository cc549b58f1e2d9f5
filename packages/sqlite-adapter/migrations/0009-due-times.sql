-- When its due time was set, by the same time that does not go back.
ALTER TABLE messages ADD COLUMN due_set_at INTEGER;
UPDATE messages SET due_set_at = accepted_at WHERE due_at IS NOT NULL;
