import type { MessageSender } from "@message-sender/core";
import { type Backlog, type BacklogMeasure, type PacerLoad, topics } from "@message-sender/core/adapter";
import type { Gauge } from "@prometheus-io/client";

import { createFreshReading } from "./fresh-reading.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import type { MetricsRegistry } from "./registry.ts";

/** What is read when Prometheus scrapes. */
interface Observed {
  readonly sender: Pick<MessageSender, "check">;
  readonly backlog: Backlog;
  /** Absent if the pacer does not say. */
  readonly load?: () => PacerLoad;
  readonly build: { readonly version: string; readonly store: string };
}

/** No count goes further: reading it must not become expensive when much waits. */
const mostCounted = 10_000;
const backlogLimits = { freshMs: 5000, patienceMs: 2000 };

/** Adds the gauges of a service to a registry. */
export function createServiceGauges(registry: Pick<MetricsRegistry, "registerMetric">, observed: Observed): void {
  const instruments = createInstruments(registry);
  createBuildInfo(instruments, observed.build);
  createStoreAvailable(instruments, observed.sender);
  createBacklogGauges(instruments, observed.backlog);
  if (observed.load) createPacerGauges(instruments, observed.load);
}

function createBuildInfo({ gauge }: Instruments, { version, store }: Observed["build"]): void {
  const info = gauge({
    name: "build_info",
    help: "Always 1. The labels say which release runs, on which Node, with which kind of store.",
    labels: ["version", "node_version", "store"],
  });
  info.labels(version, process.versions.node, store).set(1);
}

function createStoreAvailable({ gauge }: Instruments, sender: Observed["sender"]): void {
  gauge({
    name: "store_available",
    help: "1 if the store took a commit at this scrape, as /readyz checks it; 0 if not, or while the server shuts down.",
    collect: async (available) => available.set((await sender.check()).isOk() ? 1 : 0),
  });
}

function createBacklogGauges({ gauge }: Instruments, backlog: Backlog): void {
  const measured = createFreshReading(() => backlog.measure(mostCounted), backlogLimits);

  /** `NaN` while the store cannot be read: 0 would say that all is well. */
  function of(value: (measure: BacklogMeasure) => number) {
    return async (one: Pick<Gauge, "set">): Promise<void> => {
      const measure = await measured();
      one.set(measure ? value(measure) : Number.NaN);
    };
  }

  const atMost = `Counted up to ${mostCounted}.`;
  gauge({
    name: "queue_messages",
    help: `Messages in the queue: due, held back, or between two attempts. ${atMost}`,
    collect: of(({ queued }) => queued),
  });
  gauge({
    name: "queue_due_messages",
    help: `Messages in the queue that are due now. ${atMost}`,
    collect: of(({ due }) => due.count),
  });
  gauge({
    name: "queue_oldest_due_seconds",
    help: "For how long the first of the due messages has been due.",
    collect: of(({ due }) => due.oldestMs / 1000),
  });
  gauge({
    name: "outbox_entries",
    help: `Outbox entries that wait for delivery, and those that are dead. ${atMost}`,
    labels: ["topic", "state"],
    async collect(entries) {
      for (const topic of topics) {
        await of(({ outbox }) => outbox[topic].waiting.count)(entries.labels(topic, "waiting"));
        await of(({ outbox }) => outbox[topic].dead)(entries.labels(topic, "dead"));
      }
    },
  });
  gauge({
    name: "outbox_oldest_seconds",
    help: "How long ago the oldest outbox entry entered that still waits for delivery.",
    labels: ["topic"],
    async collect(oldest) {
      for (const topic of topics) await of(({ outbox }) => outbox[topic].waiting.oldestMs / 1000)(oldest.labels(topic));
    },
  });
  gauge({
    name: "parked_statuses",
    help: `Statuses of messages that are not known yet. ${atMost}`,
    collect: of(({ parkedStatuses }) => parkedStatuses),
  });
  gauge({
    name: "quota_blocks_open",
    help: `Blocks of quota that are not settled for good. ${atMost}`,
    collect: of(({ openQuotaBlocks }) => openQuotaBlocks),
  });
}

function createPacerGauges({ gauge }: Instruments, load: () => PacerLoad): void {
  gauge({
    name: "attempts_in_flight",
    help: "Attempts in flight to WhatsApp.",
    collect: (inFlight) => inFlight.set(load().inFlight),
  });
  gauge({
    name: "attempts_waiting",
    help: "Attempts that wait until they may start.",
    collect: (waiting) => waiting.set(load().waiting),
  });
  gauge({
    name: "numbers",
    help: "Phone numbers that do not send at their full rate: the circuit breaker is open, WhatsApp asked for a pause, or it throttles.",
    labels: ["condition"],
    collect(numbers) {
      const { open, paused, throttled } = load();
      numbers.labels("breaker_open").set(open);
      numbers.labels("paused").set(paused);
      numbers.labels("throttled").set(throttled);
    },
  });
}
