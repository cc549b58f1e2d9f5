-- The time lines of phone numbers that several processes send from: see `book_slots`. Times and spacings are microseconds. The table
-- is not logged, since a slot is good for a moment only; it is empty after a crash of the server and on a standby that took over.
CREATE UNLOGGED TABLE number_rates (
  -- A phone number id. The row '' says since when the table has not been lost, in `next_at`.
  number text COLLATE "C" PRIMARY KEY,
  -- The earliest time that is not booked.
  next_at bigint NOT NULL,
  -- The widest spacing that a process asked for in the last minute, and when it did.
  spacing bigint NOT NULL DEFAULT 0,
  spaced_at bigint NOT NULL DEFAULT 0,
  -- What WhatsApp said about the number, to whichever process.
  closed_until bigint,
  closed_reason text,
  slowed_share double precision,
  slowed_at bigint,
  usage_share double precision,
  usage_until bigint
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
INSERT INTO number_rates (number, next_at) VALUES ('', 0);
