import { PgBoss } from "pg-boss";

import { run } from "../../subject.ts";

const insertedAtOnce = 500;
/** Jobs that one fetch takes, and one call completes. */
const fetchedAtOnce = 100;
const fetches = 4;
const name = "messages";

/** A job for each message, in batches. The job does nothing. */
await run(async ({ databaseUrl, schema }) => {
  const boss = new PgBoss({ connectionString: databaseUrl, schema: `${schema.slice(0, 40)}_boss`, max: 10 });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  await boss.createQueue(name);
  let inserted = 0;

  async function workUntilEmpty(): Promise<void> {
    for (;;) {
      const jobs = await boss.fetch(name, { batchSize: fetchedAtOnce });
      if (jobs.length === 0) return;
      await boss.complete(
        name,
        jobs.map(({ id }) => id),
      );
    }
  }

  return {
    phases: {
      async accept(count) {
        for (let left = count; left > 0; left -= insertedAtOnce) {
          const jobs = Array.from({ length: Math.min(left, insertedAtOnce) }, () => ({
            data: { messageId: `message-${(inserted += 1)}` },
          }));
          await boss.insert(name, jobs);
        }
      },
      async work() {
        await Promise.all(Array.from({ length: fetches }, workUntilEmpty));
      },
    },
  };
});
