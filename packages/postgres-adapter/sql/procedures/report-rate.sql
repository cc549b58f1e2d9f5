-- Notes what WhatsApp said about a number: the longest closure, and of the rest the latest.
CREATE OR REPLACE FUNCTION report_rate(
  of_number text, closed_for bigint, why text, slowed_to double precision, used_to double precision, used_for bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lost_for CONSTANT bigint := 1100000;
  at bigint;
BEGIN
  INSERT INTO number_rates (number, next_at) VALUES (of_number, clock_us() + lost_for) ON CONFLICT DO NOTHING;
  PERFORM FROM number_rates r WHERE r.number = of_number FOR UPDATE;
  at := clock_us();
  IF closed_for IS NOT NULL THEN
    UPDATE number_rates r SET closed_until = at + closed_for, closed_reason = why
      WHERE r.number = of_number AND coalesce(r.closed_until, 0) < at + closed_for;
  ELSIF slowed_to IS NOT NULL THEN
    UPDATE number_rates r SET slowed_share = slowed_to, slowed_at = at WHERE r.number = of_number;
  ELSE
    UPDATE number_rates r SET usage_share = used_to, usage_until = at + used_for WHERE r.number = of_number;
  END IF;
END $$;
