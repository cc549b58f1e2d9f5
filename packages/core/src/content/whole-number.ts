import { z } from "zod";

const digits = /^-?\d{1,16}$/;

/** A whole number from `min` to `max`, or its digits as a string, since many systems store numbers as text. */
export function wholeNumber(min: number, max: number) {
  const isWithin = (value: number): boolean => value >= min && value <= max;
  const error = ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? "is missing" : `must be a whole number from ${min} to ${max}`;
  return z.union(
    [
      z.int({ error }).refine(isWithin, { error }),
      z.string().refine((text) => digits.test(text) && isWithin(Number(text)), { error }),
    ],
    { error },
  );
}
