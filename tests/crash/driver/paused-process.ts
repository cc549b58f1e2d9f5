import type { OracleEvent } from "../events.ts";
import { readLog } from "../log.ts";
import { newCall } from "./calls.ts";
import { ask } from "./clients.ts";
import { freePort } from "./free-port.ts";
import { countKill, type RunReport } from "./report.ts";
import type { TestBed } from "./test-bed.ts";
import { pause, until } from "./wait.ts";

const calls = 6;
const deadAfterMs = 45_000;
const recoveryMs = 15_000;
const readyLimitMs = 60_000;
const mergeLimitMs = 10_000;

interface Document {
  readonly id: string;
  readonly request: { readonly reference?: string };
  readonly attempts: readonly { readonly ended?: { readonly outcome: { readonly kind: string } } }[];
  readonly conclusion?: { readonly as: string };
}

export type PausedProcess = Awaited<ReturnType<typeof pauseProcess>>;

/**
 * Starts a process that is suspended after WhatsApp has accepted its messages and before it records that. `wake` resumes it after
 * other processes have taken its messages over.
 */
export async function pauseProcess(testBed: TestBed, report: RunReport) {
  const point = "after transport.submit.waiting";
  const port = await freePort(testBed.random);
  // Its attempts must not time out before it wakes.
  const server = testBed.start(`stop ${point}`, { PORT: String(port), ATTEMPT_TIMEOUT_MS: "600000" });
  if ((await server.ready(readyLimitMs)) === undefined) report.faults.push("the process to be paused was not ready");
  await testBed.store.exemptLiving();
  testBed.oracle.tell({ order: "accepted, unreported", count: calls });
  const asked = Array.from({ length: calls }, () => newCall(testBed.random, testBed.services.outlets, true));
  const options = { ...testBed, url: server.url, onResendable: () => {} };
  const answers = Promise.all(asked.map((call) => ask(options, call)));
  await pause(1000);
  const pausedAt = Date.now();
  countKill(report, `stop ${point}`);

  async function documents(): Promise<readonly Document[]> {
    const all = (await testBed.store.contents()).documents as readonly Document[];
    return all.filter(({ request }) => asked.some(({ id }) => id === request.reference));
  }

  /** Messages that it had not submitted when it was suspended never reached WhatsApp. */
  async function areMerged(): Promise<boolean> {
    const reached = new Set(readLog<OracleEvent>(testBed.oracleLog).map(messageIdOf));
    const sent = (await documents()).filter(({ id }) => reached.has(id));
    return sent.length > 0 && sent.every(({ attempts }) => attempts[0]?.ended?.outcome.kind === "Accepted");
  }

  /** Needs another process that takes the messages over. */
  async function wake(): Promise<void> {
    const areTakenOver = async () => (await documents()).some(({ conclusion }) => conclusion?.as === "cut off");
    const limitMs = pausedAt + deadAfterMs + recoveryMs - Date.now();
    if (!(await until(areTakenOver, Math.max(limitMs, 1000)))) {
      report.faults.push("the messages of the paused process were not taken over");
    }
    server.signal("SIGCONT");
    await answers;
    if (!(await until(areMerged, mergeLimitMs))) report.faults.push("an answer of the paused process was not merged");
    server.signal("SIGTERM");
    const { code } = await server.ended;
    if (code !== 0) report.faults.push(`the paused process ended with ${code}`);
  }
  return { wake };
}

function messageIdOf(event: OracleEvent): string | undefined {
  return event.kind === "request" ? event.callbackData.split(":")[1] : undefined;
}
