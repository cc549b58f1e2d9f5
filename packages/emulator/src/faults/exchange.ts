import type { Context } from "hono";

import { type Answer, type Env, html, lose, send, truncate } from "../http/answer.ts";
import type { Facts } from "./fault-match.ts";
import type { FaultEffect, FaultSource, FaultTarget } from "./faults.ts";
import { graphErrorAnswer } from "../graph/graph-error.ts";
import type { Draft, RequestRecord } from "../http/request-log.ts";
import type { Waiting } from "../http/waiting.ts";

/** A request to carry out. */
interface Job<Entry extends RequestRecord> {
  readonly target: FaultTarget;
  readonly facts: Facts;
  readonly entry: Draft<Entry>;
  /** What is kept of the body. Default: its JSON, or its text where it is not JSON. */
  read?(): Promise<unknown>;
  /** Of the service's own answers. Default: none of note. */
  headers?(): Readonly<Record<string, string>>;
  /** Does what was asked, given the entry with its body. */
  answer(entry: Draft<Entry>): Answer;
}

export type Exchange = <Entry extends RequestRecord>(c: Context<Env>, job: Job<Entry>) => Promise<Response>;

/** Takes a request through its body, the fault it meets if any, its answer, and the entry in the log. */
export function createExchange(deps: { faults: FaultSource; waiting: Waiting; nextTraceId: () => string }): Exchange {
  const { faults, waiting, nextTraceId } = deps;

  return async (c, job) => {
    try {
      return await run(c, job);
    } catch (cause) {
      if (c.env?.outgoing?.destroyed) return cut(c, job.entry, "close");
      throw cause;
    }
  };

  async function run<Entry extends RequestRecord>(c: Context<Env>, job: Job<Entry>): Promise<Response> {
    const { entry } = job;
    const fault = faults.idle ? undefined : await faults.meet(job.target, job.facts, () => readBody(c, job));
    if (fault) {
      entry.fault = fault.id;
      return suffer(c, job, fault.effect);
    }
    await readBody(c, job);
    return finish(c, entry, answerOf(job));
  }

  async function suffer<Entry extends RequestRecord>(c: Context<Env>, job: Job<Entry>, effect: FaultEffect) {
    const { entry } = job;
    if ("reset" in effect && effect.reset === "before") return cut(c, entry, "reset");
    await readBody(c, job);
    if ("reset" in effect) return cut(c, entry, "reset");
    if ("hang" in effect) return cut(c, entry, "hang");
    if ("html" in effect) return finish(c, entry, html(200, "Sorry, something went wrong."));
    if ("graphError" in effect) {
      const { graphError: code, ...rest } = effect;
      return finish(c, entry, own(job, graphErrorAnswer({ code, ...rest }, nextTraceId())));
    }
    if ("status" in effect) return finish(c, entry, plainAnswer(effect));
    if ("delayMs" in effect) {
      if ((await waiting.delay(effect.delayMs)) === "released") return cut(c, entry, "close");
      return finish(c, entry, answerOf(job));
    }
    const answer = answerOf(job);
    if ("acceptThenDelayMs" in effect) {
      if ((await waiting.delay(effect.acceptThenDelayMs)) === "released") return cut(c, entry, "close");
      return finish(c, entry, answer);
    }
    if ("acceptThenLose" in effect) return cut(c, entry, effect.acceptThenLose);
    end(entry, answer.status);
    return truncate(c.env, answer);
  }

  function cut(c: Context<Env>, entry: Draft<RequestRecord>, how: "reset" | "close" | "hang") {
    if (how !== "hang") end(entry);
    return lose(c.env, how, waiting);
  }
}

/** The entry of a request that has just come in. */
export function arrival(c: Context<Env>): Draft<RequestRecord> {
  return {
    at: now(),
    method: c.req.method,
    path: c.req.path,
    headers: c.env?.incoming?.headers ?? Object.fromEntries(c.req.raw.headers),
  };
}

export function bearerOf({ headers }: RequestRecord): string | undefined {
  const value = headers["authorization"];
  return typeof value === "string" ? /^Bearer +(\S+) *$/i.exec(value)?.[1] : undefined;
}

function answerOf<Entry extends RequestRecord>(job: Job<Entry>): Answer {
  return own(job, job.answer(job.entry));
}

function own<Entry extends RequestRecord>(job: Job<Entry>, answer: Answer): Answer {
  return job.headers ? { ...answer, headers: { ...answer.headers, ...job.headers() } } : answer;
}

function finish(c: Context<Env>, entry: Draft<RequestRecord>, answer: Answer): Response {
  end(entry, answer.status);
  return send(c.env, answer);
}

function end(entry: Draft<RequestRecord>, status?: number): void {
  entry.endedAt = now();
  if (status !== undefined) entry.status = status;
}

async function readBody<Entry extends RequestRecord>(c: Context<Env>, { entry, read }: Job<Entry>): Promise<unknown> {
  if (entry.body !== undefined || entry.method === "GET") return entry.body;
  entry.body = read ? await read() : parsed(await c.req.text());
  return entry.body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function plainAnswer(effect: Extract<FaultEffect, { status: number; graphError?: never }>): Answer {
  const { status, body, headers = {} } = effect;
  if (body === undefined && bodiless.has(status)) return { status, headers, body: null };
  const page = html(status, `Error ${status}`);
  if (body === undefined) return { ...page, headers: { ...page.headers, ...headers } };
  return { status, headers: { "content-type": "text/plain", ...headers }, body };
}

/** Statuses that HTTP gives no body. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

function now(): number {
  return performance.timeOrigin + performance.now();
}
