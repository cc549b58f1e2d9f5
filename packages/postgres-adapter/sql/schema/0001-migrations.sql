-- The files of this folder that were applied to the store. `checksum` is the file's; `procedures` is that of the procedures
-- that were installed together with it.
CREATE TABLE migrations (
  number integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  procedures text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
