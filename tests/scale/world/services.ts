import { fork } from "node:child_process";
import { once } from "node:events";

import { killOnExit } from "../../crash/driver/child-processes.ts";
import { pause } from "../../crash/driver/wait.ts";
import type { Seen } from "../graph/judge.ts";
import type { FromServices, ServiceUrls, ToServices } from "../graph/services-process.ts";

/** How the services behave. */
export interface ServicesSettings {
  /** The emulator's WhatsApp, or one that costs less and does only what the runs need. */
  readonly graph: "emulator" | "fast";
  readonly limitPerSecond: number;
}

/** The services of a run, in processes of their own. */
export interface Services extends ServiceUrls {
  seen(): Promise<Seen>;
  accepted(): Promise<number>;
  used(tenantIds: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** When the first message to a person arrived, by the wall clock. Waits until it has. */
  arrivedAt(to: string): Promise<number>;
  /** How many requests to send a message certainly arrived in the last milliseconds. */
  arrivedWithin(ms: number): Promise<number>;
  /** What was seen so far does not count. */
  clear(): Promise<void>;
  close(): void;
}

export async function startServices({ graph, limitPerSecond }: ServicesSettings): Promise<Services> {
  const services = await startProcess<ServiceUrls>("services", limitPerSecond, graph === "fast" ? 10_000 : 2_000_000);
  const fast = graph === "fast" ? await startProcess<{ readonly url: string }>("graph", limitPerSecond) : undefined;
  const recorder = fast ?? services;

  return {
    ...services.urls,
    ...(fast && { graphUrl: fast.urls.url }),
    seen: async () => (await recorder.ask({ ask: "seen" })).seen,
    accepted: async () => (await recorder.ask({ ask: "accepted" })).accepted,
    async arrivedAt(to) {
      for (;;) {
        const { arrivedAt } = await recorder.ask({ ask: "arrivedAt", to });
        if (arrivedAt > 0) return arrivedAt;
        await pause(50);
      }
    },
    arrivedWithin: async (ms) => (await recorder.ask({ ask: "arrivedWithin", ms })).arrivedWithin,
    used: async (tenantIds) => (await services.ask({ ask: "used", tenantIds })).used,
    clear: async () => void (await recorder.ask({ ask: "clear" })),
    close() {
      fast?.close();
      services.close();
    },
  };
}

/** A process that says where it is, and then answers one question after another. */
async function startProcess<Urls>(name: string, ...settings: readonly number[]) {
  const child = killOnExit(fork(new URL(`../graph/${name}-process.ts`, import.meta.url), settings.map(String)));
  const [urls] = (await once(child, "message")) as [Urls];
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

  return { urls, ask, close: () => child.disconnect() };
}
