import { z } from "zod";

/** Something whose state goes into a snapshot, as JSON. */
export interface SavedPart {
  save(): unknown;
  /** Called after a reset. Throws on what `save` did not make. */
  restore(saved: never): void;
}

/** The sandbox's state, by the names of its parts. */
export type SavedState = Readonly<Record<string, unknown>>;

/** The state of a sandbox as a whole. */
export interface Snapshots {
  readonly names: readonly string[];
  save(): SavedState;
  /** Replaces the state; what is not given is as after a reset. Throws on what is no state, and changes nothing then. */
  load(saved: SavedState): void;
}

export function createSnapshots(parts: Readonly<Record<string, SavedPart>>, reset: () => void): Snapshots {
  const names = Object.keys(parts);
  const save = () => Object.fromEntries(names.map((name) => [name, parts[name]?.save()]));

  function replace(saved: SavedState): void {
    const unknown = Object.keys(saved).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`There is no part ${JSON.stringify(unknown)}.`);
    reset();
    for (const name of names) if (saved[name] !== undefined) parts[name]?.restore(saved[name] as never);
  }

  return {
    names,
    save,
    load(saved) {
      const before = save();
      try {
        replace(saved);
      } catch (cause) {
        replace(before);
        throw new Error(cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause), { cause });
      }
    },
  };
}
