/** Where a subject finds what it calls. */
export interface Surroundings {
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
}

/** A server to be sent requests, or a client that sends by itself. */
export type Subject = { readonly url: string } | { send(number: number): Promise<void> };

/** What the bench asks of a subject's process, and what it answers. */
export type Order =
  | { readonly kind: "measure" }
  | { readonly kind: "send"; readonly count: number; readonly parallel: number };
export type Report =
  | { readonly kind: "ready"; readonly url?: string }
  | { readonly kind: "measured"; readonly cpuMicros: number; readonly rssBytes: number }
  | { readonly kind: "sent" };

/** Runs in a process of its own, so that its CPU time is its own. */
export async function run(start: (surroundings: Surroundings) => Promise<Subject>): Promise<void> {
  const subject = await start(JSON.parse(process.argv[2] ?? "{}") as Surroundings);
  let sent = 0;
  process.on("message", (order: Order) => {
    if (order.kind === "measure") {
      const { user, system } = process.cpuUsage();
      report({ kind: "measured", cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
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
  process.once("disconnect", () => process.exit());
  report({ kind: "ready", ...("url" in subject && { url: subject.url }) });
}

/** Does `work` `count` times, up to `parallel` of it at once. */
export async function inParallel(count: number, parallel: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (left > 0) {
        left -= 1;
        await work();
      }
    }),
  );
}

function report(message: Report): void {
  process.send?.(message);
}
