-- Whether the messages are real or a sandbox's. A sandbox's answers must never stand for real ones.
CREATE TABLE store_stamp (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  stamp text NOT NULL
);
