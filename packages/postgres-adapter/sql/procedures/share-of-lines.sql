-- How many lines each of several processes may hold: an equal part of those that are held or due.
CREATE OR REPLACE FUNCTION share_of_lines(workers bigint, at timestamptz) RETURNS bigint STABLE LANGUAGE sql AS $$
  SELECT ceil((
    (SELECT count(*) FROM lines l WHERE l.owner IS NOT NULL) + (SELECT count(*) FROM lines l WHERE l.owner IS NULL AND l.due_at <= at)
  )::numeric / workers)::bigint
$$;
