-- The files of this folder that were applied to the store. `checksum` is that of the file, `procedures` that of the procedures
-- that were installed with it.
CREATE TABLE migrations (
  number integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  procedures text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
