-- Whether looking through the rest would take so long that nobody may wait for it.
CREATE OR REPLACE FUNCTION rest_is_large() RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT pg_relation_size('messages_rest') > 64 * 1024 * 1024 OR pg_relation_size('wamids_rest') > 64 * 1024 * 1024
$$;
