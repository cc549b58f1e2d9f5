-- One row for each time that the file was opened. An unfinished message of an earlier opening is overdue.
CREATE TABLE openings (
  number INTEGER PRIMARY KEY
) STRICT;
