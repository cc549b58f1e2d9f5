import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Appends events to a file, one line each. The line is written when the call returns. */
export function createLog<Event extends { readonly at: number }>(path: string) {
  return (event: Unstamped<Event>): void => appendFileSync(path, `${JSON.stringify({ at: Date.now(), ...event })}\n`);
}

export function readLog<Event>(path: string): Event[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}

type Unstamped<Event> = Event extends unknown ? Omit<Event, "at"> : never;
