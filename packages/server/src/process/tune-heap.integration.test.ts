import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, it } from "vitest";

const execute = promisify(execFile);
const module = new URL("./tune-heap.ts", import.meta.url).href;

/** The most bytes that V8 gives to new objects, of which many survive, in a process of its own. */
async function mostYoungBytes(prepare: string): Promise<number> {
  const program = `
    import { setImmediate } from "node:timers/promises";
    import { getHeapSpaceStatistics } from "node:v8";
    ${prepare}
    const alive = [];
    let most = 0;
    // The limit is set after a collection, once the program has a turn: V8 may double the space before.
    for (let round = 0; round < 600; round += 1) {
      for (let made = 0; made < 5_000; made += 1) alive[(round * 5_000 + made) % 400_000] = { round, made: [made] };
      await setImmediate();
      most = Math.max(most, getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size);
    }
    console.log(most);`;
  const { stdout } = await execute(process.execPath, ["--input-type=module", "--eval", program]);
  return Number(stdout);
}

it("new objects get less memory than V8 would give them", async () => {
  const byItself = await mostYoungBytes("");
  const tuned = await mostYoungBytes(`import { tuneHeap } from ${JSON.stringify(module)}; tuneHeap();`);
  expect(tuned).toBeLessThan(byItself);
});
