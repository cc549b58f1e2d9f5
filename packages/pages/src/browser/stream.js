/**
 * A stream of server-sent events that is asked for again whenever it ends. `EventSource` gives up for good once it is answered
 * with another status than 200, and hides the status; this asks later each time, and not before `Retry-After` says.
 * @typedef {{
 *   event(name: string, data: string): void,
 *   live(): void,
 *   lost(): void,
 *   refused(status: number): void,
 * }} Follower
 */

const shortestMs = 1_000;
const longestMs = 30_000;

/** Returns what ends it. @param {string} url @param {Follower} follower @returns {() => void} */
export function followStream(url, follower) {
  const stopped = new AbortController();
  follow().catch(lost);
  return () => stopped.abort();

  async function follow() {
    let failures = 0;
    while (!stopped.signal.aborted) {
      const leastMs = await read(() => (failures = 0)).catch(lost);
      await pause(Math.max(leastMs, pauseAfter(failures)), stopped.signal);
      failures += 1;
    }
  }

  /** Reads the stream to its end. Returns how long the server wants to be left alone, in milliseconds. @param {() => void} works */
  async function read(works) {
    const headers = { accept: "text/event-stream" };
    const { signal } = stopped;
    const { ok, status, headers: answered, body } = await fetch(url, { headers, cache: "no-store", signal });
    if (!ok || !body) {
      await body?.cancel();
      follower.refused(status);
      return retryAfterMs(answered.get("retry-after"));
    }
    follower.live();
    let text = "";
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (text + part.value).split("\n\n");
      text = events.pop() ?? "";
      works();
      for (const event of events) tell(event);
    }
    return lost();
  }

  /** @param {string} text */
  function tell(text) {
    const fields = text.split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
    const data = fields.flatMap(([, name, value = ""]) => (name === "data" ? [value] : []));
    const [, , name = "message"] = fields.find(([, field]) => field === "event") ?? [];
    if (data.length > 0) follower.event(name, data.join("\n"));
  }

  function lost() {
    if (!stopped.signal.aborted) follower.lost();
    return 0;
  }
}

/** Twice as long after each failure; not all pages of a server at the same time. @param {number} failures */
function pauseAfter(failures) {
  return Math.min(shortestMs * 2 ** failures, longestMs) * (0.75 + Math.random() / 2);
}

/** Seconds, or a date. @param {string | null} value */
function retryAfterMs(value) {
  if (value === null) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
    signal.addEventListener("abort", end, { once: true });
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}
