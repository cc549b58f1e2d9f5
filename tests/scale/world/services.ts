import { fork } from "node:child_process";
import { once } from "node:events";

import { killOnExit } from "../../crash/driver/child-processes.ts";
import { pause } from "../../crash/driver/wait.ts";
import type { Seen } from "../graph/judge.ts";
import type { FromServices, ServicesSettings, ServiceUrls, ToServices } from "../graph/services-process.ts";

/** The services of a run, in their own process. */
export interface Services extends ServiceUrls {
  seen(): Promise<Seen>;
  accepted(): Promise<number>;
  used(tenantIds: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** When the first message to a person arrived, by the wall clock. Waits until it has. */
  arrivedAt(to: string): Promise<number>;
  /** Of their process, in bytes. */
  memory(): Promise<number>;
  /** What was seen so far does not count. */
  clear(): Promise<void>;
  close(): void;
}

export async function startServices(settings: ServicesSettings): Promise<Services> {
  const child = killOnExit(fork(new URL("../graph/services-process.ts", import.meta.url), [JSON.stringify(settings)]));
  const [urls] = (await once(child, "message")) as [ServiceUrls];
  let last: Promise<unknown> = Promise.resolve();

  /** One question at a time, so that each gets its own answer. */
  function ask(command: ToServices): Promise<FromServices> {
    const answer = last.then(async () => {
      child.send(command);
      return ((await once(child, "message")) as [FromServices])[0];
    });
    last = answer;
    return answer;
  }

  return {
    ...urls,
    seen: async () => (await ask({ ask: "seen" })).seen,
    accepted: async () => (await ask({ ask: "accepted" })).accepted,
    async arrivedAt(to) {
      for (;;) {
        const { arrivedAt } = await ask({ ask: "arrivedAt", to });
        if (arrivedAt > 0) return arrivedAt;
        await pause(50);
      }
    },
    memory: async () => (await ask({ ask: "memory" })).memory,
    used: async (tenantIds) => (await ask({ ask: "used", tenantIds })).used,
    clear: async () => void (await ask({ ask: "clear" })),
    close: () => child.disconnect(),
  };
}
