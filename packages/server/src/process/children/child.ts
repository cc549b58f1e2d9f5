import cluster from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";

import type { MetricsRegistry } from "../../metrics/registry.ts";
import type { FromChild, FromParent } from "./messages.ts";

/** This process as a child of `runProcesses`. */
export interface ServerChild {
  /** Which one it is, from 1 on. */
  readonly number: number;
  /** Tells the parent that this process serves requests. */
  announce(url: string, others: Readonly<Record<string, string>>): void;
  /** Resolves once the parent wants this process to end, or has ended itself. */
  readonly ending: Promise<string>;
  /** The registry, which shows the metrics of all children. */
  withMetricsOfAll(registry: MetricsRegistry): MetricsRegistry;
}

/** The parent collects within a second. */
const patienceMs = 2000;

/** Throws if this process is not a child. */
export function serverChild(number: number): ServerChild {
  const { worker } = cluster;
  if (!worker) throw new Error("This process is no child of a server.");
  const waiting = new Map<number, (text: string) => void>();
  let own: MetricsRegistry | undefined;
  let asked = 0;

  function say(message: FromChild): void {
    // A parent that has ended is noticed by its disconnection.
    if (process.connected) process.send?.(message, () => {});
  }

  async function tellMetrics(id: number): Promise<void> {
    if (own) say({ kind: "Metrics", id, text: await own.metrics() });
  }

  // Node would end a child whose parent has gone at once.
  worker.exitedAfterDisconnect = true;
  const ending = new Promise<string>((resolve) => {
    process.once("disconnect", () => resolve("the parent process has ended"));
    process.on("message", (message: FromParent) => {
      if (message.kind === "ShutDown") resolve("shut down by the parent process");
      else if (message.kind === "MetricsOfAll") waiting.get(message.id)?.(message.text);
      else tellMetrics(message.id).catch(() => {});
    });
  });

  async function metricsOfAll(registry: MetricsRegistry): Promise<string> {
    const id = (asked += 1);
    const answer = new Promise<string>((resolve) => waiting.set(id, resolve));
    say({ kind: "MetricsWanted", id });
    const text = await Promise.race([answer, sleep(patienceMs, undefined, { ref: false })]);
    waiting.delete(id);
    return text ?? registry.metrics();
  }

  return {
    number,
    announce: (url, others) => say({ kind: "Listening", url, others }),
    ending,
    withMetricsOfAll(registry) {
      own = registry;
      return {
        contentType: registry.contentType,
        metrics: () => metricsOfAll(registry),
        registerMetric: (metric) => registry.registerMetric(metric),
        removeSingleMetric: (name) => registry.removeSingleMetric(name),
      };
    },
  };
}
