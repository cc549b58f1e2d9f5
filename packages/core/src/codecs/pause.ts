import type { Pause } from "../domain/pause.ts";

/** Encodes a pause as JSON for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodePause(pause: Pause): string {
  return JSON.stringify(pause);
}

/** Decodes what `encodePause` returned, exact to the code point and millisecond. Throws for anything that is not a pause. */
export function decodePause(text: string): Pause {
  const pause = JSON.parse(text) as Omit<Pause, "at" | "until"> & { readonly at: string; readonly until?: string };
  if (typeof pause.kind !== "string" || Number.isNaN(Date.parse(pause.at))) throw new TypeError("not a pause");
  const { until, ...rest } = pause;
  return { ...rest, at: new Date(pause.at), ...(until !== undefined && { until: new Date(until) }) };
}
