-- Whether scanning the default partition would take so long that nobody may wait for it.
CREATE OR REPLACE FUNCTION default_partition_is_large() RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT pg_relation_size('messages_default') > 64 * 1024 * 1024 OR pg_relation_size('wamids_default') > 64 * 1024 * 1024
$$;
