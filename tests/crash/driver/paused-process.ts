import type { OracleEvent } from "../events.ts";
import { readLog } from "../log.ts";
import { newCall } from "./calls.ts";
import { ask } from "./clients.ts";
import { freePort } from "./free-port.ts";
import { countKill, type RunReport } from "./report.ts";
import type { Setting } from "./test-bed.ts";
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
 * A process of its own that stops when WhatsApp has accepted what it sent, and before it wrote that down. It wakes after
 * the others took its messages over.
 */
export async function pauseProcess(setting: Setting, report: RunReport) {
  const point = "after transport.submit.waiting";
  const port = await freePort(setting.random);
  // It must still want the answers that wait for it when it wakes.
  const server = setting.start(`stop ${point}`, { PORT: String(port), ATTEMPT_TIMEOUT_MS: "600000" });
  if ((await server.ready(readyLimitMs)) === undefined) report.faults.push("the process to be paused was not ready");
  await setting.store.spare();
  setting.oracle.tell({ order: "accepted, unreported", count: calls });
  const asked = Array.from({ length: calls }, () => newCall(setting.random, setting.services.outlets, true));
  const options = { ...setting, url: server.url, onResendable: () => {} };
  const answers = Promise.all(asked.map((call) => ask(options, call)));
  await pause(1000);
  const pausedAt = Date.now();
  countKill(report, `stop ${point}`);

  async function documents(): Promise<readonly Document[]> {
    const all = (await setting.store.contents()).documents as readonly Document[];
    return all.filter(({ request }) => asked.some(({ id }) => id === request.reference));
  }

  /** Those that it had not come to yet when it stopped never reached WhatsApp. */
  async function areMerged(): Promise<boolean> {
    const reached = new Set(readLog<OracleEvent>(setting.oracleLog).map(messageIdOf));
    const sent = (await documents()).filter(({ id }) => reached.has(id));
    return sent.length > 0 && sent.every(({ attempts }) => attempts[0]?.ended?.outcome.kind === "Accepted");
  }

  /** Needs another process, which takes over. */
  async function wake(): Promise<void> {
    const taken = async () => (await documents()).some(({ conclusion }) => conclusion?.as === "cut off");
    const limitMs = pausedAt + deadAfterMs + recoveryMs - Date.now();
    if (!(await until(taken, Math.max(limitMs, 1000)))) {
      report.faults.push("the messages of the paused process were not taken over");
    }
    server.signal("SIGCONT");
    await answers;
    if (!(await until(areMerged, mergeLimitMs))) report.faults.push("an answer of the paused process was not merged");
    server.signal("SIGTERM");
    const { code } = await server.ended;
    if (code !== 0) report.faults.push(`the process that was paused ended with ${code}`);
  }
  return { wake };
}

function messageIdOf(event: OracleEvent): string | undefined {
  return event.kind === "request" ? event.callbackData.split(":")[1] : undefined;
}
