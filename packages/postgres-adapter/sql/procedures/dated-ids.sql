-- The ids of the messages that are dropped with their partition. Of a partition that something has kept for a day beyond its time, as of the
-- default partition and of an older store's messages, each message is deleted alone.
CREATE OR REPLACE FUNCTION dated_ids(before timestamptz) RETURNS TABLE (first_id text, end_id text) STABLE LANGUAGE sql AS $$
  SELECT coalesce(min(p.first_id), ''), coalesce(max(p.end_id), '') FROM partitions p 
    WHERE p.ends_at + interval '1 day' > before AND p.starts_at > '-infinity'
$$;
