-- Books slots on the time lines of numbers, none of them later than `ahead` from now, and says what WhatsApp said about the numbers.
-- Locks the rows of all numbers in one order, so that no two bookings wait for each other.
CREATE OR REPLACE FUNCTION book_slots(
  numbers text[], wanted integer[], spacings bigint[], shares double precision[], ahead bigint
) RETURNS TABLE (
  ask bigint, at bigint, first bigint, apart bigint, booked integer, closed bigint, closed_for text,
  slowed_to double precision, slowed bigint, used_to double precision, used bigint
) LANGUAGE plpgsql AS $$
DECLARE
  -- No slot that was booked before the table was lost can be used as late as that.
  lost_for CONSTANT bigint := 1100000;
  minute CONSTANT bigint := 60000000;
  -- A pause of WhatsApp is not longer.
  longest_closure CONSTANT bigint := 3600000000;
  -- A line that reaches further ahead was kept by a clock that was set back.
  least_step CONSTANT bigint := 2000000;
  kept_since bigint;
  one record;
  line number_rates;
BEGIN
  SELECT r.next_at INTO kept_since FROM number_rates r WHERE r.number = '';
  IF NOT FOUND THEN
    INSERT INTO number_rates (number, next_at) VALUES ('', clock_us()) ON CONFLICT DO NOTHING;
    SELECT r.next_at INTO kept_since FROM number_rates r WHERE r.number = '';
  END IF;

  FOR one IN
    SELECT * FROM unnest(numbers, wanted, spacings, shares) WITH ORDINALITY AS a (number, wanted, spacing, share, place)
    ORDER BY a.number COLLATE "C"
  LOOP
    SELECT * INTO line FROM number_rates r WHERE r.number = one.number FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO number_rates (number, next_at) VALUES (one.number, kept_since + lost_for) ON CONFLICT DO NOTHING;
      SELECT * INTO line FROM number_rates r WHERE r.number = one.number FOR UPDATE;
    END IF;
    ask := one.place;
    at := clock_us();

    IF one.spacing >= line.spacing OR line.spaced_at NOT BETWEEN at - minute AND at THEN
      line.spacing := one.spacing;
      line.spaced_at := at;
    END IF;
    apart := ceil(line.spacing / one.share);
    IF line.next_at > at + greatest(ahead, least_step) + apart THEN
      line.next_at := at + ahead;
    END IF;

    closed := CASE WHEN line.closed_until BETWEEN at AND at + longest_closure THEN line.closed_until END;
    closed_for := line.closed_reason;
    slowed := CASE WHEN line.slowed_at > at - minute THEN least(line.slowed_at, at) END;
    slowed_to := line.slowed_share;
    used := CASE WHEN line.usage_until > at THEN line.usage_until END;
    used_to := line.usage_share;

    first := greatest(line.next_at, at, closed);
    booked := CASE WHEN first > at + ahead THEN 0 ELSE least(one.wanted, 1 + (at + ahead - first) / apart) END;
    IF booked > 0 THEN
      line.next_at := first + booked * apart;
    END IF;
    UPDATE number_rates r SET next_at = line.next_at, spacing = line.spacing, spaced_at = line.spaced_at
      WHERE r.number = one.number;
    RETURN NEXT;
  END LOOP;
END $$;
