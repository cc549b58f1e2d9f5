import type { Database } from "../database/database.ts";

const constrain = {
  name: "constrain default partition",
  text: "SELECT constrain_default_partition($1, $2) AS is_constrained",
};
const attach = { name: "attach default partition", text: "SELECT attach_default_partition()" };

/**
 * Attaches the default partition of an older store, beside which no partition can be made because it is large, as a partition of all ids
 * until now and a day or more ahead. Resolves when new ids are constrained to that. Then it is validated, which nobody waits for:
 * `attached` is called at the end, unless that failed. It may be called again at any time.
 */
export function createDefaultPartition(
  database: Database,
  days: number,
  attached: () => void,
): { begin(now: Date): Promise<void> } {
  let isRunning = false;

  async function validate(): Promise<void> {
    await database.runLong("SELECT validate_default_partition()");
    await database.run(attach);
    attached();
  }

  return {
    async begin(now) {
      const { rows } = await database.run<{ is_constrained: boolean }>(constrain, [now, days]);
      if (!rows[0]?.is_constrained || isRunning) return;
      isRunning = true;
      // If it fails, whoever begins again goes on from there.
      validate()
        .catch(() => {})
        .finally(() => (isRunning = false));
    },
  };
}
