import { z } from "zod";

import { note } from "./plain-text.ts";

/** Meta documents the degrees as strings and takes numbers too. */
function degrees(most: number) {
  const error = `is not a number of degrees from −${most} to ${most}`;
  const inText = z.string().refine((text) => text.trim() !== "" && Math.abs(Number(text)) <= most, { error });
  return z.union([z.number().min(-most, { error }).max(most, { error }), inText], { error });
}

/** Meta's location object. */
export const locationContent = z.looseObject({
  latitude: degrees(90),
  longitude: degrees(180),
  name: note().optional(),
  address: note().optional(),
});
