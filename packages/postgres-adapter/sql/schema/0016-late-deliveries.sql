-- Deliveries of entries that had failed before, or were late. Of the others nothing is kept.
CREATE TABLE late_deliveries (
  id text COLLATE "C" PRIMARY KEY,
  enqueued_at timestamptz NOT NULL,
  delivered_at timestamptz NOT NULL,
  claims integer NOT NULL,
  why text
);
CREATE INDEX late_deliveries_by_time ON late_deliveries (delivered_at);
