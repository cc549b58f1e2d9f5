-- Blocks that were asked for, until they are open.
CREATE TABLE quota_requests (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  ttl_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

DROP INDEX messages_by_block;
CREATE INDEX messages_by_block ON messages (quota_block_id, is_finished) WHERE keeps_unit = 1;

-- What is used of the limits that we keep ourselves, in the latest period of each name.
CREATE TABLE quota_counters (
  tenant_id TEXT NOT NULL,
  period TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE quota_takes (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  period TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  granted INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX quota_takes_by_age ON quota_takes (tenant_id, period, starts_at);
