import type { Database } from "../database/database.ts";

const boundRest = { name: "bound rest", text: "SELECT bound_rest($1, $2) AS is_bound" };
const partRest = { name: "part rest", text: "SELECT part_rest()" };

/**
 * Makes the rest of an older store, beside which no partition can be made because it is large, a partition of all ids until now and a day or more
 * ahead. Resolves when new ids are bound to that. Then the rest is looked through, which nobody waits for: `settled` is called at the end, unless
 * that failed. It may be called again at any time.
 */
export function createPartingOfRest(
  database: Database,
  days: number,
  settled: () => void,
): { begin(now: Date): Promise<void> } {
  let isRunning = false;

  async function part(): Promise<void> {
    await database.runLong("SELECT validate_rest()");
    await database.run(partRest);
    settled();
  }

  return {
    async begin(now) {
      const { rows } = await database.run<{ is_bound: boolean }>(boundRest, [now, days]);
      if (!rows[0]?.is_bound || isRunning) return;
      isRunning = true;
      // If it fails, whoever begins again goes on from there.
      part()
        .catch(() => {})
        .finally(() => (isRunning = false));
    },
  };
}
