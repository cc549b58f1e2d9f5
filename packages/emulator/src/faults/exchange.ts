import type { Context } from "hono";

import { type Answer, dropConnection, type Env, html, send, truncate } from "../http/answer.ts";
import type { HeldRequests } from "../http/held-requests.ts";
import { type Draft, markEnded, type RecordedRequest } from "../http/request-record.ts";
import type { PathFacts } from "./fault-match.ts";
import type { FaultEffect, FaultTarget, GraphErrorEffect, StatusEffect } from "./fault.ts";
import type { FaultRegistry } from "./faults.ts";

/** A request to a service, and how the service answers it. */
interface Job<Entry extends RecordedRequest> {
  readonly target: FaultTarget;
  readonly facts: PathFacts;
  /** The request's entry in the log. */
  readonly entry: Draft<Entry>;
  /** What the log keeps of the body. Default: the parsed JSON, or the text where it is not JSON. */
  readBody?(): Promise<unknown>;
  /** Headers of the service's own answers; those of a proxy do not have them. */
  headers?(): Readonly<Record<string, string>>;
  /** Carries the request out. The entry has its body by then. */
  answer(entry: Draft<Entry>): Answer;
}

/** Reads a request, applies a fault or lets the service answer, and completes the log entry. */
export type Exchange = <Entry extends RecordedRequest>(c: Context<Env>, job: Job<Entry>) => Promise<Response>;

interface ExchangeDeps {
  readonly faults: FaultRegistry;
  readonly held: HeldRequests;
  /** Told of each request once its answer is written, its connection cut, or it hangs. */
  readonly onEnded: (target: FaultTarget, record: Draft<RecordedRequest>) => void;
  readonly graphErrorAnswer: (effect: GraphErrorEffect) => Answer;
}

export function createExchange({ faults, held, onEnded, graphErrorAnswer }: ExchangeDeps): Exchange {
  return async (c, job) => {
    try {
      return await run(c, job);
    } catch (cause) {
      if (c.env?.outgoing?.destroyed) return drop(c, job.entry, "close");
      throw cause;
    } finally {
      onEnded(job.target, job.entry);
    }
  };

  async function run<Entry extends RecordedRequest>(c: Context<Env>, job: Job<Entry>): Promise<Response> {
    const { entry } = job;
    const fault = faults.isEmpty ? undefined : await faults.faultFor(job.target, job.facts, () => readBody(c, job));
    if (fault) {
      entry.fault = fault.id;
      return applyEffect(c, job, fault.effect);
    }
    await readBody(c, job);
    return finish(c, entry, carryOut(job));
  }

  async function applyEffect<Entry extends RecordedRequest>(c: Context<Env>, job: Job<Entry>, effect: FaultEffect) {
    const { entry } = job;
    if ("reset" in effect && effect.reset === "before") return drop(c, entry, "reset");
    await readBody(c, job);
    if ("reset" in effect) return drop(c, entry, "reset");
    if ("hang" in effect) return drop(c, entry, "hang");
    if ("html" in effect) return finish(c, entry, html(200, "Sorry, something went wrong."));
    if ("graphError" in effect) return finish(c, entry, withHeaders(job, graphErrorAnswer(effect)));
    if ("status" in effect) return finish(c, entry, proxyAnswer(effect));
    if ("delayMs" in effect) {
      if ((await held.delay(effect.delayMs)) === "released") return drop(c, entry, "close");
      return finish(c, entry, carryOut(job));
    }
    const answer = carryOut(job);
    if ("acceptThenDelayMs" in effect) {
      if ((await held.delay(effect.acceptThenDelayMs)) === "released") return drop(c, entry, "close");
      return finish(c, entry, answer);
    }
    if ("acceptThenLose" in effect) return drop(c, entry, effect.acceptThenLose);
    markEnded(entry, answer.status);
    return truncate(c.env, answer);
  }

  function drop(c: Context<Env>, entry: Draft<RecordedRequest>, how: "reset" | "close" | "hang") {
    if (how !== "hang") markEnded(entry);
    return dropConnection(c.env, how, held);
  }
}

function carryOut<Entry extends RecordedRequest>(job: Job<Entry>): Answer {
  return withHeaders(job, job.answer(job.entry));
}

function withHeaders<Entry extends RecordedRequest>(job: Job<Entry>, answer: Answer): Answer {
  return job.headers ? { ...answer, headers: { ...job.headers(), ...answer.headers } } : answer;
}

function finish(c: Context<Env>, entry: Draft<RecordedRequest>, answer: Answer): Response {
  markEnded(entry, answer.status);
  return send(c.env, answer);
}

async function readBody<Entry extends RecordedRequest>(c: Context<Env>, job: Job<Entry>): Promise<unknown> {
  const { entry } = job;
  if (entry.body !== undefined || entry.method === "GET") return entry.body;
  if (job.readBody) entry.body = await job.readBody();
  else {
    entry.rawBody = await c.req.text();
    entry.body = jsonOrText(entry.rawBody);
  }
  return entry.body;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Statuses to which HTTP allows no body. */
const bodilessStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

function proxyAnswer({ status, body, headers = {} }: StatusEffect): Answer {
  if (body === undefined && bodilessStatuses.has(status)) return { status, headers, body: null };
  const page = html(status, `Error ${status}`);
  if (body === undefined) return { ...page, headers: { ...page.headers, ...headers } };
  return { status, headers: { "content-type": "text/plain", ...headers }, body };
}
