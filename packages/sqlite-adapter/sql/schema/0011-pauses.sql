-- What is paused. `ends_at` is when a pause ends by itself.
CREATE TABLE pauses (
  id TEXT PRIMARY KEY,
  ends_at INTEGER,
  document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
