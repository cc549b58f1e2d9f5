-- A unit of the block came back, or counts again, after that was counted: it is to be settled by the rows.
ALTER TABLE quota_blocks ADD COLUMN is_recounted INTEGER NOT NULL DEFAULT 0;
-- The name that WhatsApp knows a recipient by, where that is another.
ALTER TABLE recipients ADD COLUMN known_as TEXT;
