-- What WhatsApp said about numbers, as `book_slots` says it. Numbers of which nothing is kept are absent.
CREATE OR REPLACE FUNCTION rate_news(numbers text[]) RETURNS TABLE (
  number text, closed bigint, closed_for text, slowed_to double precision, slowed bigint, used_to double precision, used bigint
) STABLE LANGUAGE sql AS $$
  SELECT
    r.number,
    CASE WHEN r.closed_until BETWEEN c.at AND c.at + 3600000000 THEN r.closed_until END, r.closed_reason,
    r.slowed_share, CASE WHEN r.slowed_at > c.at - 60000000 THEN least(r.slowed_at, c.at) END,
    r.usage_share, CASE WHEN r.usage_until > c.at THEN r.usage_until END
  FROM number_rates r, (SELECT clock_us() AS at) c WHERE r.number = ANY (numbers)
$$;
