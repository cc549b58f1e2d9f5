-- What all ids (UUIDv7) that are made at this time or later sort after, and all earlier ones before.
CREATE OR REPLACE FUNCTION id_at(at timestamptz) RETURNS text IMMUTABLE LANGUAGE sql AS $$
  SELECT substr(hex, 1, 8) || '-' || substr(hex, 9) FROM (
    SELECT lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS hex
  ) ms
$$;
