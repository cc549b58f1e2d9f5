-- One row for each opening of the file. A message that an earlier opening worked on is overdue.
CREATE TABLE openings (
  number INTEGER PRIMARY KEY
) STRICT;
