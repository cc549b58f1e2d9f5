-- Whether the messages are real or a sandbox's. A sandbox's answers must never stand for real ones.
CREATE TABLE store_stamp (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  stamp TEXT NOT NULL
) STRICT;

-- What is written to see whether the disk takes it.
CREATE TABLE store_health (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  padding BLOB NOT NULL
) STRICT;
