-- Whether the messages are real or a sandbox's. A sandbox's answers must never stand for real ones.
CREATE TABLE store_stamp (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  stamp TEXT NOT NULL
) STRICT;
