-- What is paused. `ends_at` is when a pause ends by itself. Each process reads them all about once a second.
CREATE TABLE pauses (
  id text COLLATE "C" PRIMARY KEY,
  ends_at timestamptz,
  document text NOT NULL
);
