import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Frees what nothing in this thread needs any more. V8 itself would keep it until there is more to free. `releaseStartMemory` of the server
 * does the same in the main thread. It is not shared: the thread of the database loads no other package.
 */
export function releaseThreadMemory(): void {
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
