import { number, object, optional, type Rule, text } from "./rules.ts";

/** Degrees may be numbers or numeric strings. */
export const locationObject: Rule = object({
  latitude: number(-90, 90),
  longitude: number(-180, 180),
  name: optional(text()),
  address: optional(text()),
});
