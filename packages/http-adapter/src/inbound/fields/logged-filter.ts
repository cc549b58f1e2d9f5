import { isAbsent } from "./request-field.ts";

type Given = string | number | Date | null | undefined;

/**
 * What the log says of a filter. Of the fields that are `unlogged`, because they have a recipient or words of the caller's own,
 * it says that they are given.
 */
export function loggedFilter(filter: object, unlogged: readonly string[]): Readonly<Record<string, string>> {
  const logged = Object.entries(filter as Record<string, Given>).flatMap(([name, value]) => {
    if (isAbsent(value)) return [];
    if (unlogged.includes(name)) return [[name, "given"]];
    return [[name, value instanceof Date ? value.toISOString() : String(value)]];
  });
  return Object.fromEntries(logged) as Record<string, string>;
}
