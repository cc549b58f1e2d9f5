CREATE TABLE quota_blocks (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  granted INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- A unit was returned or used again after the block was counted: its rows must be counted again.
  is_recounted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Requests for blocks that are not open yet.
CREATE TABLE quota_requests (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  ttl_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The use of the limits that the store itself keeps, in the latest period of each name.
CREATE TABLE quota_counters (
  tenant_id TEXT NOT NULL,
  period TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, period)
) STRICT, WITHOUT ROWID;

-- The units that each request took.
CREATE TABLE quota_takes (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  period TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  granted INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX quota_takes_by_age ON quota_takes (tenant_id, period, starts_at);
