-- Written to find out whether the disk accepts a commit.
CREATE TABLE store_health (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  padding BLOB NOT NULL
) STRICT;
