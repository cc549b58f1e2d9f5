import type { ClientEvent } from "../events.ts";
import { readLog } from "../log.ts";
import type { PausedProcess } from "./paused-process.ts";
import type { RunReport } from "./report.ts";
import { sendMalformed } from "./malformed-clients.ts";
import type { TestBed } from "./test-bed.ts";
import { pause, quiet } from "./wait.ts";

export interface SettlingOptions {
  /** How long it takes other processes to detect that the last one is dead. */
  readonly deadAfterMs: number;
  readonly paused: PausedProcess | undefined;
}

/** Longer than it takes to settle idle blocks and to find orphaned messages. */
const quietMs = 12_000;
const quietLimitMs = 60_000;
const readyLimitMs = 60_000;
const longestRetryMs = 70_000;

/** The last start: without faults, everything that is open is settled, and the process ends by itself. */
export async function settle(testBed: TestBed, report: RunReport, { deadAfterMs, paused }: SettlingOptions) {
  testBed.oracle.tell({ calmDown: true });
  testBed.services.calmDown();
  for (let round = 0; round < 3; round += 1) {
    const server = testBed.start("off");
    const readyMs = await server.ready(readyLimitMs);
    if (readyMs === undefined) {
      report.faults.push("the last server was not ready");
      server.signal("SIGKILL");
      return void (await server.ended);
    }
    report.readyMs.push(readyMs);
    testBed.write({ kind: "up" });
    testBed.use(server);
    await testBed.clients.stop();
    await paused?.wake();
    const malformed = round === 0 ? sendMalformed(testBed, server.url) : Promise.resolve();
    if (round === 0) await pause(deadAfterMs);
    await testBed.queueClient.finish(server);
    await allSettled(testBed, malformed);
    if (round === 0) await show(testBed, server.url);
    server.signal("SIGTERM");
    const { code, signal } = await server.ended;
    if (code !== 0) report.faults.push(`the last server ended with ${code ?? signal}, not with 0`);
    const dueAt = await testBed.store.lastDueAt();
    if (dueAt === undefined || dueAt > Date.now() + longestRetryMs) return;
    await pause(Math.max(0, dueAt - Date.now()));
    paused = undefined;
  }
}

/** Resolves when the services and the receiver of callbacks get no more requests, every webhook was accepted, and `work` is done. */
async function allSettled({ services, oracle }: TestBed, work: Promise<void>): Promise<void> {
  const activity = () => services.activity() + oracle.callbacks;
  const isBusy = () => oracle.pendingWebhooks > 0;
  await Promise.all([quiet({ quietMs, activity, isBusy, limitMs: quietLimitMs }), work]);
}

/** Records what the API shows of some of the messages that clients know. */
async function show({ clientLog, write }: TestBed, url: string): Promise<void> {
  const told = readLog<ClientEvent>(clientLog).flatMap((event) =>
    event.kind === "answered" && event.messageId !== undefined ? [event.messageId] : [],
  );
  for (const messageId of [...new Set(told)].slice(-500)) {
    const answer = await get(`${url}/api/v1/messages/${messageId}`);
    const shown = (await answer.json()) as { status?: string; whatsapp_message_id?: string; possible_duplicate?: true };
    const { status = "", whatsapp_message_id: wamid, possible_duplicate: possibleDuplicate = false } = shown;
    write({ kind: "shown", messageId, status, ...(wamid !== undefined && { wamid }), possibleDuplicate });
  }
}

/** Repeats what was not answered, as on a machine that is busy. */
async function get(url: string, triesLeft = 5): Promise<Response> {
  const answer = await fetch(url).catch((error: unknown) => {
    if (triesLeft === 0) throw error;
  });
  return answer ?? get(url, triesLeft - 1);
}
