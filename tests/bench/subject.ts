import { monitorEventLoopDelay } from "node:perf_hooks";

/** What answers a subject's calls. */
export interface Services {
  readonly graphUrl: string;
  /** Answers nobody until it is told to. */
  readonly holdingGraphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
}

/** Where a subject finds what it calls, and where it keeps what it stores. */
export interface Surroundings extends Services {
  /** A new file is made in it. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly schema: string;
}

/** A server to be sent requests, or a client that sends by itself. */
export type Subject = { readonly url: string } | { send(number: number): Promise<void> };

/** What the bench asks of a subject's process, and what it answers. */
export type Order =
  | { readonly kind: "measure" }
  | { readonly kind: "send"; readonly count: number; readonly parallel: number };
export type Report =
  | { readonly kind: "ready"; readonly url?: string }
  | ({ readonly kind: "measured" } & Usage)
  | { readonly kind: "sent" };

export interface Usage {
  /** Of all its threads, since it started. */
  readonly cpuMicros: number;
  /** The 99th percentile since it was asked last; the resolution is in it. */
  readonly eventLoopDelayMs: number;
  readonly peakRssBytes: number;
}

export const resolutionMs = 1;

/** Runs in a process of its own, so that its CPU time is its own. */
export async function run(start: (surroundings: Surroundings) => Promise<Subject>): Promise<void> {
  process.once("disconnect", () => process.exit());
  const subject = await start(JSON.parse(process.argv[2] ?? "{}") as Surroundings);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let sent = 0;
  process.on("message", (order: Order) => {
    if (order.kind === "measure") {
      const { user, system } = process.cpuUsage();
      report({
        kind: "measured",
        cpuMicros: user + system,
        eventLoopDelayMs: delay.percentile(99) / 1e6,
        peakRssBytes: process.resourceUsage().maxRSS * 1024,
      });
      delay.reset();
    } else if ("send" in subject) {
      const { send } = subject;
      inParallel(order.count, order.parallel, () => send((sent += 1))).then(
        () => report({ kind: "sent" }),
        (error: unknown) => {
          throw error;
        },
      );
    }
  });
  report({ kind: "ready", ...("url" in subject && { url: subject.url }) });
}

/** Does `work` `count` times, up to `parallel` of it at once. */
export async function inParallel(
  count: number,
  parallel: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

function report(message: Report): void {
  process.send?.(message);
}
