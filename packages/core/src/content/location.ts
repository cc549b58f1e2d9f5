import { z } from "zod";

import { once } from "./once.ts";
import { plainText } from "./plain-text.ts";

/** A place on the map. */
export interface Location {
  /** Degrees, −90 to 90. */
  readonly latitude: number | string;
  /** Degrees, −180 to 180. */
  readonly longitude: number | string;
  readonly name?: string;
  /** Shown only together with a name. */
  readonly address?: string;
}

/** The content of a location message. */
export interface LocationContent {
  readonly type: "location";
  readonly location: Location;
}

/** Meta documents the degrees as strings and accepts numbers too. */
function degrees(max: number) {
  const error = `must be a number of degrees from −${max} to ${max}`;
  const inText = z.string().refine((text) => text.trim() !== "" && Math.abs(Number(text)) <= max, { error });
  return z.union([z.number().min(-max, { error }).max(max, { error }), inText], { error });
}

/** @internal */
export const locationSchema = once(() =>
  z.looseObject({
    latitude: degrees(90),
    longitude: degrees(180),
    name: plainText().optional(),
    address: plainText().optional(),
  }),
);

/** A place on the map. */
export function location(location: Location): LocationContent {
  return { type: "location", location };
}
