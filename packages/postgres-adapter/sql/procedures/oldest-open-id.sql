-- Open messages have this id or a later one: the first id of the first partition that has any. Empty if the default partition has any,
-- whose ids are in no order. It saves scanning partitions without any, for each line.
CREATE OR REPLACE FUNCTION oldest_open_id() RETURNS text STABLE LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
  partition record;
  found_id text;
BEGIN
  -- The order is that of the index of open messages.
  SELECT m.id INTO found_id FROM messages_default m WHERE m.open
    ORDER BY m.tenant_id, m.outlet_id, m.recipient, m.order_at, m.id LIMIT 1;
  IF FOUND THEN RETURN ''; END IF;
  FOR partition IN SELECT p.first_id, p.end_id FROM partitions p ORDER BY p.starts_at LOOP
    SELECT m.id INTO found_id FROM messages m WHERE m.open AND m.id >= partition.first_id AND m.id < partition.end_id
      ORDER BY m.tenant_id, m.outlet_id, m.recipient, m.order_at, m.id LIMIT 1;
    IF FOUND THEN RETURN partition.first_id; END IF;
  END LOOP;
  RETURN '';
END $$;
