import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { onTestFinished } from "vitest";

const code = `
const { createServer } = require("node:http");
const { parentPort, workerData: stages } = require("node:worker_threads");
const [received, asked, answered] = [0, 1, 2];
const server = createServer((_, response) => {
  Atomics.store(stages, received, 1);
  Atomics.wait(stages, asked, 0);
  response.end("in time", () => {
    Atomics.store(stages, answered, 1);
    Atomics.notify(stages, answered);
  });
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

/** A server in a thread of its own, which answers one request while this thread is held up. */
export async function startAnsweringThread() {
  const stages = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(code, { eval: true, workerData: stages });
  onTestFinished(async () => void (await worker.terminate()));
  const [port] = (await once(worker, "message")) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    hasRequest: () => Atomics.load(stages, 0) === 1,
    /** Holds this thread up until the answer has left the server. */
    holdUpForAnswer(): void {
      Atomics.store(stages, 1, 1);
      Atomics.notify(stages, 1);
      Atomics.wait(stages, 2, 0);
    },
  };
}
