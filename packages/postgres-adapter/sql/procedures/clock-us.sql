-- The server's clock in microseconds.
CREATE OR REPLACE FUNCTION clock_us() RETURNS bigint VOLATILE LANGUAGE sql AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
$$;
