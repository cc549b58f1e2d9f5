CREATE TABLE quota_blocks (
  id text COLLATE "C" PRIMARY KEY,
  tenant_id text NOT NULL,
  granted bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  owner uuid NOT NULL,
  -- A unit was returned or used again after the block was counted: its rows must be counted again.
  is_recounted boolean NOT NULL DEFAULT false
);

-- Requests for blocks that are not open yet.
CREATE TABLE quota_requests (
  id text COLLATE "C" PRIMARY KEY,
  tenant_id text NOT NULL,
  amount bigint NOT NULL,
  ttl_ms bigint NOT NULL,
  owner uuid NOT NULL
);

-- The use of the limits that the store itself keeps, in the latest period of each name.
CREATE TABLE quota_counters (
  tenant_id text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  starts_at timestamptz NOT NULL,
  used bigint NOT NULL,
  PRIMARY KEY (tenant_id, period)
);

-- The units that each request took.
CREATE TABLE quota_takes (
  id text COLLATE "C" PRIMARY KEY,
  tenant_id text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  starts_at timestamptz NOT NULL,
  granted bigint NOT NULL,
  used bigint NOT NULL,
  taken_at timestamptz NOT NULL
);
CREATE INDEX quota_takes_by_taken_at ON quota_takes (taken_at);
