import { setTimeout as sleep } from "node:timers/promises";

import { exitCode } from "@message-sender/server/process";

import { type ApiAnswer, callApi } from "../api/client.ts";
import { exitCodeOf } from "../api/exit-code.ts";
import { failureText } from "../api/failure-text.ts";
import type { ApiServer } from "../api/server.ts";
import type { RecordFields } from "./records.ts";
import type { LineResult, ResultFile } from "./result-file.ts";

/** A line and its message, as a batch has it. */
export interface Line {
  readonly line: number;
  readonly message: RecordFields;
  /** Its Idempotency-Key, as the message has it. */
  readonly key: string;
}

interface SendLinesParts {
  readonly server: ApiServer;
  readonly lines: AsyncIterable<Line>;
  readonly results: ResultFile;
  /** Once it is aborted, no further batch is sent. Answers that are on their way are still recorded. */
  readonly signal: AbortSignal;
  readonly onResults: (results: readonly LineResult[]) => void;
  /** Called before a wait, with its reason. */
  readonly onWait: (reason: string, ms: number) => void;
}

/** Why sending ended before all lines were sent. */
export interface Stopped {
  readonly reason: string;
  readonly exitCode: number;
}

const atOnce = 2;
const mostLines = 500;
const mostBytes = 3 * 1024 * 1024;
/** How long nothing may be accepted before the command gives up. */
const patienceMs = 10 * 60_000;
const longestWaitMs = 30_000;
const longestRetryAfterSeconds = 300;

/** Sends lines in batches, and records what became of each. A batch whose answer is lost is repeated: its keys make that safe. */
export async function sendLines(parts: SendLinesParts): Promise<Stopped | undefined> {
  const { server, results, signal, onResults, onWait } = parts;
  const batches = batchesOf(parts.lines);
  let answeredAtMs: number | undefined;
  let stopped: Stopped | undefined;

  async function record(lines: readonly Line[], answers: readonly unknown[]): Promise<readonly Line[]> {
    const found = lines.map((line, at) => resultOf(line, answers[at]));
    const settled = found.filter((result) => !result.isTemporary);
    await results.add(settled);
    onResults(settled);
    return lines.filter((_, at) => found[at]?.isTemporary);
  }

  function isPatient(): boolean {
    return answeredAtMs !== undefined && performance.now() - answeredAtMs < patienceMs;
  }

  async function pause(reason: string, seconds: unknown, failures: number): Promise<void> {
    const askedMs = typeof seconds === "number" ? seconds * 1000 : 0;
    const ms = Math.max(askedMs, Math.min(longestWaitMs, 1000 * 2 ** Math.min(failures, 10)));
    onWait(reason, ms);
    await sleep(ms, undefined, { signal }).catch(() => {});
  }

  async function deliver(lines: readonly Line[]): Promise<void> {
    let pending = lines;
    for (let failures = 0; pending.length > 0 && !signal.aborted && !stopped; failures += 1) {
      const answer = await callApi(server, {
        path: "/api/v1/messages/batch",
        body: { messages: pending.map(({ message }) => message) },
      });
      if (answer.isErr()) {
        if (signal.aborted) return;
        if (!isPatient()) stopped = answer.error;
        else await pause(answer.error.reason, undefined, failures);
        continue;
      }
      const { status, body } = answer.value;
      if (status === 202 && Array.isArray(body["results"])) {
        const left = await record(pending, body["results"] as unknown[]);
        if (left.length < pending.length) [answeredAtMs, failures] = [performance.now(), 0];
        answeredAtMs ??= performance.now();
        pending = left;
        if (left.length === 0) return;
        const [first] = (body["results"] as { problem?: ApiAnswer["body"] }[]).flatMap(({ problem }) =>
          isTemporary(problem) ? [problem] : [],
        );
        if (!isPatient())
          stopped = { reason: failureText(server, { status: 503, body: first ?? {} }), exitCode: exitCode.unavailable };
        else
          await pause(
            failureText(server, { status: 503, body: first ?? {} }),
            first?.["retry_after_seconds"],
            failures,
          );
        continue;
      }
      const reason = failureText(server, answer.value);
      const canPass = status === 408 || status === 429 || status >= 500;
      answeredAtMs ??= performance.now();
      if (!canPass || !isPatient()) stopped = { reason, exitCode: exitCodeOf(status) };
      else await pause(reason, body["retry_after_seconds"], failures);
    }
  }

  async function work(): Promise<void> {
    while (!signal.aborted && !stopped) {
      const next = await batches.next();
      if (next.done) return;
      await deliver(next.value);
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  await batches.return(undefined);
  return stopped;
}

async function* batchesOf(lines: AsyncIterable<Line>): AsyncGenerator<readonly Line[], void> {
  let batch: Line[] = [];
  let bytes = 0;
  for await (const line of lines) {
    const size = Buffer.byteLength(JSON.stringify(line.message)) + 1;
    if (batch.length === mostLines || (batch.length > 0 && bytes + size > mostBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(line);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

type BatchAnswer = Partial<Record<"message_id" | "status", unknown>> & { readonly problem?: ApiAnswer["body"] };

function resultOf({ line, key }: Line, answer: unknown): LineResult & { readonly isTemporary: boolean } {
  const { message_id: id, status, problem } = (answer ?? {}) as BatchAnswer;
  if (!problem) return { line, key, messageId: String(id), status: String(status), isTemporary: false };
  const { type, message_id: known, message_status: knownStatus } = problem;
  return {
    line,
    key,
    problem: typeof type === "string" ? type.replace("/problems/", "") : "unknown",
    detail: detailOf(problem),
    ...(typeof known === "string" && type !== "/problems/idempotency-key-reused" && { messageId: known }),
    ...(typeof knownStatus === "string" && { status: knownStatus }),
    isTemporary: isTemporary(problem),
  };
}

function detailOf({ detail, errors }: ApiAnswer["body"]): string {
  const fields = (Array.isArray(errors) ? (errors as { pointer?: string; detail?: string }[]) : []).map(
    (error) => `${error.pointer?.slice(1) ?? ""} ${error.detail ?? ""}`,
  );
  return [String(detail), ...fields].join(" ");
}

/** Whether a repeat soon may be accepted. A quota may be used up for weeks. */
function isTemporary(problem: ApiAnswer["body"] | undefined): boolean {
  const { status, type, retry_after_seconds: seconds } = problem ?? {};
  const canPass = status === 429 || status === 503 || type === "/problems/idempotency-in-progress";
  return canPass && type !== "/problems/quota-exceeded" && Number(seconds) <= longestRetryAfterSeconds;
}
