import { type Regions, renderRegions } from "./regions.tsx";

/** What a live page shows, and who says that it has changed. */
export interface LiveView {
  /** Asked once a change, and not more often than `everyMs` allows; more rarely if it takes long. */
  regions(): Regions | Promise<Regions>;
  /** Calls `changed` whenever the regions may be others than before. Returns what ends that. */
  subscribe(changed: () => void): () => void;
  /** Aborted when the browser goes. */
  readonly signal: AbortSignal;
  /** The shortest time between two looks, in milliseconds. Default: 200. */
  readonly everyMs?: number;
}

/**
 * A stream of server-sent events that keeps a page as its regions are. It begins with all of them, then sends those that
 * are not as they were sent. A browser that reads slowly gets the newest state, and nothing is kept for it.
 */
export function liveAnswer({ regions, subscribe, signal, everyMs = 200 }: LiveView): Response {
  const sent = new Map<string, string>();
  let isChanged = true;
  let restMs = everyMs;
  let wake = () => {};
  const unsubscribe = subscribe(() => {
    isChanged = true;
    wake();
  });
  signal.addEventListener("abort", end, { once: true });
  // A browser may go while its request is being looked at.
  if (signal.aborted) end();

  function end(): void {
    signal.removeEventListener("abort", end);
    unsubscribe();
    wake();
  }

  /** The events since the last look; "" where nothing has changed for a while, which the browser is told. */
  async function nextEvents(): Promise<string> {
    const quietUntil = performance.now() + heartbeatMs;
    while (!signal.aborted && performance.now() < quietUntil) {
      if (!isChanged) await pause(quietUntil - performance.now(), (stop) => (wake = stop));
      if (!isChanged) continue;
      isChanged = false;
      const events = await changedRegions();
      if (events !== "") return events;
      await pause(restMs);
    }
    return "";
  }

  async function changedRegions(): Promise<string> {
    const startedAt = performance.now();
    const events: string[] = [];
    for (const region of Object.values(await renderRegions(await regions()))) {
      if (sent.get(region.name) === region.version) continue;
      sent.set(region.name, region.version);
      events.push(`event: region\ndata: ${JSON.stringify(region)}\n\n`);
    }
    // At most a fifth of the time is spent on a page, and it is never a second behind.
    restMs = Math.max(everyMs, Math.min(4 * (performance.now() - startedAt), longestRestMs));
    return events.join("");
  }

  const encoder = new TextEncoder();
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isFirst) await pause(restMs);
      const events = await nextEvents().catch((error: unknown) => {
        end();
        throw error;
      });
      if (signal.aborted) return controller.close();
      isFirst = false;
      controller.enqueue(encoder.encode(events || ":\n\n"));
    },
    cancel: end,
  });
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}

const heartbeatMs = 15_000;
const longestRestMs = 800;

/** Ends after `ms`, or when what `started` was given is called. */
function pause(ms: number, started: (stop: () => void) => void = () => {}): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(ms, 0));
    timer.unref();
    started(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
