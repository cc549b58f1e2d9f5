-- A webhook is JSON as text: that keeps the code points which PostgreSQL's text refuses.
CREATE TABLE webhooks (
  id text COLLATE "C" PRIMARY KEY,
  received_at timestamptz NOT NULL,
  webhook text NOT NULL
);
CREATE INDEX webhooks_by_received_at ON webhooks (received_at);

-- Statuses that arrived before their message was known. `digest` stands for the whole update, which can be longer than an
-- index entry may be.
CREATE TABLE parked_statuses (
  digest text COLLATE "C" PRIMARY KEY,
  wamid text COLLATE "C" NOT NULL,
  status_update text NOT NULL,
  parked_at timestamptz NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  -- A message has its wamid by now. Thus nobody has to search the statuses that will never be ours.
  matched boolean NOT NULL DEFAULT false,
  -- When to look for its message once more: a commit that was in flight when it was parked may have missed it.
  look_again_at timestamptz DEFAULT now() + interval '30 seconds'
);
CREATE INDEX parked_statuses_by_parked_at ON parked_statuses (parked_at);
CREATE UNIQUE INDEX parked_statuses_by_number ON parked_statuses (number);
CREATE INDEX parked_statuses_unmatched ON parked_statuses (wamid) WHERE NOT matched;
CREATE INDEX parked_statuses_matched ON parked_statuses (number) WHERE matched;
CREATE INDEX parked_statuses_to_look_at ON parked_statuses (look_again_at) WHERE look_again_at IS NOT NULL;
