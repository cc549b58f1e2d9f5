import { note, number, object, optional, type Rule } from "./rules.ts";

/** Degrees may be numbers or their digits. */
export const location: Rule = object({
  latitude: number(-90, 90),
  longitude: number(-180, 180),
  name: optional(note()),
  address: optional(note()),
});
