import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Frees what the start left behind: a third of the memory of an idle server. V8 itself would keep it until there is more to free. Takes
 * tens of milliseconds, so call it while the server has nothing to do.
 */
export function releaseStartMemory(): void {
  // Node shows V8's `gc` only to contexts that are created while this is set.
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: {
    readonly type: "major";
    readonly flavor: "last-resort";
  }) => void;
  setFlagsFromString("--no-expose-gc");
  // Also the bytecode of functions that do not run now: most ran for the start alone. V8 compiles a function again when it is called.
  setFlagsFromString("--bytecode-old-age=1");
  collect({ type: "major", flavor: "last-resort" });
  // V8's own value: that many collections in which a function did not run.
  setFlagsFromString("--bytecode-old-age=6");
}
