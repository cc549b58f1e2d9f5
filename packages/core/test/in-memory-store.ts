import type { Sabotage } from "../src/contracts/sabotage.ts";
import type { StoreSubject } from "../src/contracts/store/subject.ts";
import { createInMemoryStore, createManualClock } from "../src/in-memory/index.ts";

/** An empty store in memory, for the contracts' own tests. */
export function inMemoryStore(): StoreSubject {
  const clock = createManualClock();
  const parkedStatusCapacity = 50;
  const store = createInMemoryStore({ clock, parkedStatusCapacity });
  const refuseCommits = async (isRefusing: boolean) => store.setUnavailable(isRefusing);
  return {
    ...store,
    clock,
    advance: clock.advance,
    shiftWallClock: clock.stepWall,
    refuseCommits,
    parkedStatusCapacity,
    async anotherProcess() {
      const { queue, lease, pause, wake } = store.openAnotherProcess();
      return {
        queue,
        lease,
        async lapse() {
          pause();
          await clock.advance(4000);
        },
        wake: async () => wake(),
        beat: async () => {},
      };
    },
  };
}

type StorePort = Exclude<
  keyof StoreSubject,
  "clock" | "advance" | "shiftWallClock" | "close" | "refuseCommits" | "parkedStatusCapacity" | "anotherProcess"
>;

/** Changes what one port of a store does. */
export function breaking<Port extends StorePort>(
  port: Port,
  change: (kept: StoreSubject[Port], subject: StoreSubject) => Partial<StoreSubject[Port]>,
): Sabotage<StoreSubject> {
  return (subject) => ({ ...subject, [port]: { ...subject[port], ...change(subject[port], subject) } });
}

/** True for whoever asks with a name that somebody else has just asked with. */
export function createCrowd(): (name: string) => boolean {
  const present = new Set<string>();
  return (name) => {
    if (present.has(name)) return true;
    present.add(name);
    queueMicrotask(() => present.delete(name));
    return false;
  };
}
