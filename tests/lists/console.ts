import { createService } from "@message-sender/server";

import type { OpenedStore } from "./stores.ts";
import { messageAt, referenceAt, wamidAt } from "./messages.ts";

/** From the request to the whole page. */
const mostMs = 200;
const rounds = 40;

/** Measures how long the console takes to find a message by what is typed, and returns how many kinds are slower than they may be. */
export async function measureConsole(name: string, store: OpenedStore["store"], count: number): Promise<number> {
  // The caller closes the store.
  const { app, sender } = await createService({
    store: { ...store },
    tenants: { nobody: { quota: { limit: 1, period: "day" }, outlets: {} } },
    access: "open",
    console: true,
    worker: false,
  });
  const typed: Readonly<Record<string, (round: number) => string>> = {
    "a WhatsApp message id": (round) => wamidAt(round * 10),
    "a message id": (round) => messageAt(round * 10, count).id,
    "a number": (round) => messageAt(round * 10, count).request.to,
    "a reference": (round) => referenceAt(round * 10),
    "what is nothing": (round) => `nothing-${round}`,
  };
  let missed = 0;
  process.stdout.write(`\n${name}, ${count} messages: the console finds (at most ${mostMs} ms, p95 of ${rounds})\n`);
  await app.request("/console/messages");
  for (const [what, text] of Object.entries(typed)) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      const answer = await app.request(`/console/messages?q=${encodeURIComponent(text(round))}`);
      const html = await answer.text();
      times.push(performance.now() - startedAt);
      if (answer.status !== 200 || html.includes('id="m-') === what.includes("nothing"))
        throw new Error(`${what}: wrong page`);
    }
    times.sort((one, other) => one - other);
    const p95 = times[Math.ceil(rounds * 0.95) - 1] ?? 0;
    missed += Number(p95 > mostMs);
    process.stdout.write(`${what.padEnd(40)}p50 ${(times[rounds / 2] ?? 0).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms\n`);
  }
  await sender.close();
  return missed;
}
