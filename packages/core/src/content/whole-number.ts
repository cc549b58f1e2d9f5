import { z } from "zod";

const digits = /^-?\d{1,16}$/;

/** A whole number from `least` to `most`, or its digits: many a system keeps its numbers as text. */
export function wholeNumber(least: number, most: number) {
  const isWithin = (value: number): boolean => value >= least && value <= most;
  const error = ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? "is missing" : `is not a whole number from ${least} to ${most}`;
  return z.union(
    [
      z.int({ error }).refine(isWithin, { error }),
      z.string().refine((text) => digits.test(text) && isWithin(Number(text)), { error }),
    ],
    { error },
  );
}
