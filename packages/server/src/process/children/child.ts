import cluster from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";

import type { MetricsRegistry } from "../../metrics/registry.ts";
import type { Peers, Subject } from "../../reports/peers.ts";
import { combineMetrics } from "./combine-metrics.ts";
import type { FromChild, FromParent } from "./messages.ts";

/** This process as a child of `runProcesses`. */
export interface ServerChild extends Peers {
  /** Tells the parent that this process serves requests. */
  announce(url: string, others: Readonly<Record<string, string>>): void;
  /**
   * Resolves once the parent wants this process to end, or has ended itself. Before the first call, this process ends at once when its
   * parent has ended: only the parent could give it its port.
   */
  ending(): Promise<string>;
  /** The registry, which shows the metrics of all children. */
  withMetricsOfAll(registry: MetricsRegistry): MetricsRegistry;
}

/** The parent collects within a second. */
const patienceMs = 2000;

/** Throws if this process is not a child. */
export function serverChild(number: number): ServerChild {
  const { worker } = cluster;
  if (!worker) throw new Error("This process is no child of a server.");
  const waiting = new Map<number, (texts: ReadonlyMap<number, string>) => void>();
  const offers = new Map<Subject, () => Promise<string>>();
  let asked = 0;

  function say(message: FromChild): void {
    // A parent that has ended is noticed by its disconnection.
    if (process.connected) process.send?.(message, () => {});
  }

  async function tell(id: number, subject: Subject): Promise<void> {
    say({ kind: "Told", id, text: (await offers.get(subject)?.()) ?? "" });
  }

  const end = new Promise<string>((resolve) => {
    process.once("disconnect", () => resolve("the parent process has ended"));
    process.on("message", (message: FromParent) => {
      if (message.kind === "ShutDown") resolve("shut down by the parent process");
      else if (message.kind === "Collected") waiting.get(message.id)?.(new Map(message.texts));
      else tell(message.id, message.subject).catch(() => {});
    });
  });

  async function collect(subject: Subject): Promise<ReadonlyMap<number, string> | undefined> {
    const id = (asked += 1);
    const answer = new Promise<ReadonlyMap<number, string>>((resolve) => waiting.set(id, resolve));
    say({ kind: "Wanted", id, subject });
    const texts = await Promise.race([answer, sleep(patienceMs, undefined, { ref: false })]);
    waiting.delete(id);
    return texts;
  }

  async function metricsOfAll(registry: MetricsRegistry): Promise<string> {
    const texts = await collect("metrics");
    return texts ? combineMetrics(texts) : registry.metrics();
  }

  const offer: Peers["offer"] = (subject, own) => void offers.set(subject, own);

  return {
    number,
    offer,
    collect,
    announce: (url, others) => say({ kind: "Listening", url, others }),
    ending() {
      // Node ends a child whose parent has gone, unless the child says that it ends by itself.
      worker.exitedAfterDisconnect = true;
      return end;
    },
    withMetricsOfAll(registry) {
      offer("metrics", () => registry.metrics());
      return {
        contentType: registry.contentType,
        metrics: () => metricsOfAll(registry),
        registerMetric: (metric) => registry.registerMetric(metric),
        removeSingleMetric: (name) => registry.removeSingleMetric(name),
      };
    },
  };
}
