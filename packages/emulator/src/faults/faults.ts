import { matches, needsBody, type PathFacts } from "./fault-match.ts";
import { faultSchema } from "./fault-schema.ts";
import type { Fault, FaultHandle, FaultTarget, FaultTrigger } from "./fault.ts";

/**
 * The active faults, tried in the order in which they were added. The first one that matches a request and triggers is
 * applied; the others do not affect that request.
 */
export interface Faults {
  /** Throws when the fault is invalid. A fault with `next` removes itself after its last hit. */
  add(fault: Fault): FaultHandle;
  /** The active faults, the oldest first. */
  list(): readonly FaultHandle[];
  /** Ends all faults. */
  clear(): void;
}

/** What the services ask. */
export interface FaultRegistry extends Faults {
  readonly isEmpty: boolean;
  save(): readonly SavedFault[];
  restore(saved: readonly SavedFault[]): void;
  /** The fault to apply to a request, counted as a hit. Calls `readBody` only when a fault's `match` needs the body. */
  faultFor(target: FaultTarget, facts: PathFacts, readBody: () => Promise<unknown>): Promise<FaultHandle | undefined>;
}

/** A fault with what it has counted. */
interface SavedFault {
  readonly id: string;
  readonly fault: Fault;
  readonly matched: number;
  readonly hits: number;
}

interface ActiveFault {
  readonly handle: FaultHandle;
  /** Counts a matching request, and tells whether the fault affects it. */
  triggers(): boolean;
  save(): SavedFault;
}

export function createFaults(): FaultRegistry {
  const active = new Map<string, ActiveFault>();
  let added = 0;

  function add(input: Fault): FaultHandle {
    added += 1;
    return restoreOne({ id: `fault-${added}`, fault: input, matched: 0, hits: 0 });
  }

  function restoreOne(saved: SavedFault): FaultHandle {
    const entry = activate({ ...saved, fault: faultSchema.parse(saved.fault) }, () => active.delete(saved.id));
    active.set(saved.id, entry);
    return entry.handle;
  }

  return {
    add,
    list: () => [...active.values()].map(({ handle }) => handle),
    clear: () => active.clear(),
    save: () => [...active.values()].map((one) => one.save()),
    restore(saved) {
      for (const one of saved) {
        restoreOne(one);
        added = Math.max(added, Number(one.id.replace("fault-", "")) || 0);
      }
    },
    get isEmpty() {
      return active.size === 0;
    },
    async faultFor(target, facts, readBody) {
      for (const [id, { handle, triggers }] of active) {
        if (!covers(handle.target, target)) continue;
        const { match } = handle;
        if (match && !matches(match, facts, needsBody(match, facts) ? await readBody() : undefined)) continue;
        // It may have been removed while the body was read.
        if (active.has(id) && triggers()) return handle;
      }
      return undefined;
    },
  };
}

/** `graph` is what people send and upload: a fault of it does not hit the calls of a program's own housekeeping. */
function covers(wanted: FaultTarget, target: FaultTarget): boolean {
  return wanted === target || (target !== "graph.management" && target.startsWith(`${wanted}.`));
}

function activate({ id, fault, ...counted }: SavedFault, remove: () => void): ActiveFault {
  const trigger: FaultTrigger = fault.trigger ?? "always";
  let { matched, hits } = counted;

  return {
    handle: {
      id,
      ...fault,
      get hits() {
        return hits;
      },
      remove,
    },
    triggers() {
      matched += 1;
      if (trigger !== "always" && "every" in trigger && matched % trigger.every !== 0) return false;
      hits += 1;
      if (trigger !== "always" && "next" in trigger && hits === trigger.next) remove();
      return true;
    },
    save: () => ({ id, fault, matched, hits }),
  };
}
