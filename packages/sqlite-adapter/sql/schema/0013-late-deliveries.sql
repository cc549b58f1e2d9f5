-- Deliveries of entries that had failed before, or were late. Of the others nothing is kept.
CREATE TABLE late_deliveries (
  id TEXT PRIMARY KEY,
  enqueued_at INTEGER NOT NULL,
  delivered_at INTEGER NOT NULL,
  claims INTEGER NOT NULL,
  why TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX late_deliveries_by_time ON late_deliveries (delivered_at);
