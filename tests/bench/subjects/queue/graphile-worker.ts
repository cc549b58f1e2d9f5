import { Logger, makeWorkerUtils, runOnce } from "graphile-worker";
import pg from "pg";

import { run } from "../../subject.ts";

const insertedAtOnce = 500;

/** A job for each message, in batches and with everything that its documentation recommends for speed. The job does nothing. */
await run(async ({ databaseUrl, schema: ofBench }) => {
  const schema = `${ofBench.slice(0, 40)}_graphile`;
  const pgPool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const complain = (error: Error) => console.error(error);
  pgPool.on("error", complain).on("connect", (client) => client.on("error", complain));
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ pgPool, schema, logger });
  await utils.migrate();
  const preset = {
    worker: { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
  };
  let inserted = 0;

  return {
    phases: {
      async accept(count) {
        for (let left = count; left > 0; left -= insertedAtOnce) {
          await utils.addJobs(
            Array.from({ length: Math.min(left, insertedAtOnce) }, () => ({
              identifier: "send",
              payload: { messageId: `message-${(inserted += 1)}` },
            })),
          );
        }
      },
      async work() {
        await runOnce({ preset, pgPool, schema, logger, noHandleSignals: true }, { send: async () => {} });
      },
    },
  };
});
