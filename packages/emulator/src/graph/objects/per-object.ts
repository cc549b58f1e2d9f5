import { setBounded } from "../../collections/bounded-map.ts";

/** What is remembered of each object, from the first time it is asked for. The oldest is forgotten first. */
export function perObject<T>(known: Map<string, T>, keep: number, initial: (id: string) => T): (id: string) => T {
  return (id) => {
    const own = known.get(id);
    if (own !== undefined) return own;
    const made = initial(id);
    setBounded(known, id, made, keep);
    return made;
  };
}
