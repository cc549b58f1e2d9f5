// Not the global ones: a test with fake timers would hold up each call.
import { performance } from "node:perf_hooks";
import { setImmediate, setTimeout } from "node:timers/promises";

import type { Unavailable } from "@message-sender/core";
import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Procedures } from "../procedures/procedures.ts";
import type { BatchAnswer, Call, ProcedureName } from "./batch.ts";

/**
 * Runs calls in batches, one batch at a time. Calls that are made while a batch is in flight form the next one. After a batch of many calls
 * the next one also waits a little for more.
 */
export interface GroupCommit {
  call<N extends ProcedureName>(
    name: N,
    ...args: Parameters<Procedures[N]>
  ): ResultAsync<Awaited<ReturnType<Procedures[N]>>, Unavailable>;
  /** For how many milliseconds the oldest call without an answer has been waiting; 0 if none waits. */
  oldestWaitMs(): number;
  /** Runs `work` when no batch is in flight. */
  between<T>(work: () => Promise<T>): Promise<T>;
  /** Accepts no more calls, and waits for the accepted ones. */
  drain(): Promise<void>;
}

/** How a batch ended that changed something or failed. */
export interface BatchEnd {
  readonly size: number;
  /** From its handover to the database thread until its answer. */
  readonly durationMs: number;
  readonly failed: boolean;
}

type Settle = (result: Result<unknown, Unavailable>) => void;

const batchLimit = 256;
/** The least time from the start of a batch of many calls to the start of the next one: its commit on disk costs as much as several calls. */
const spacingMs = 2;
/** After a batch of so many calls, more are likely to come soon. A caller that makes one call after the other never waits for that. */
const many = 8;

export function createGroupCommit(
  run: (calls: readonly Call[]) => Promise<BatchAnswer>,
  onBatch?: (end: BatchEnd) => void,
): GroupCommit {
  const calls: Call[] = [];
  const settlers: Settle[] = [];
  const between: (() => Promise<void>)[] = [];
  let working: Promise<void> | undefined;
  let isClosed = false;
  /** When the next batch may begin. */
  let mayBeginAt = 0;
  /** When the first call came that waits for its batch, and when the first one of the batch in flight came. */
  let waitingSince = 0;
  let inFlightSince: number | undefined;

  async function work(): Promise<void> {
    await setImmediate();
    while (calls.length > 0 || between.length > 0) {
      for (const other of between.splice(0)) await other();
      if (calls.length === 0) continue;
      await keepSpacing();
      const batch = calls.splice(0, batchLimit);
      const waiting = settlers.splice(0, batchLimit);
      const startedAt = performance.now();
      inFlightSince = waitingSince;
      waitingSince = startedAt;
      const answered = await run(batch);
      inFlightSince = undefined;
      const failed = "failure" in answered;
      const hasOnlyRead = !failed && answered.isReadOnly === true;
      mayBeginAt = !hasOnlyRead && batch.length >= many ? startedAt + spacingMs : 0;
      // A quiet server looks for work several times a second. Among those reads, no slow commit would be seen.
      if (!hasOnlyRead) {
        onBatch?.({ size: batch.length, durationMs: performance.now() - startedAt, failed });
      }
      waiting.forEach((settle, index) =>
        settle("failure" in answered ? err(unavailable(answered.failure)) : ok(answered.answers[index])),
      );
    }
    working = undefined;
  }

  /** A full batch would gain no calls. */
  async function keepSpacing(): Promise<void> {
    const waitMs = mayBeginAt - performance.now();
    if (waitMs > 0 && calls.length < batchLimit) await setTimeout(Math.ceil(waitMs));
  }

  return {
    call(name, ...args) {
      const answer = new Promise<Result<never, Unavailable>>((resolve) => {
        if (isClosed) return resolve(err(unavailable("the store is closed")));
        if (calls.length === 0) waitingSince = performance.now();
        calls.push([name, args]);
        settlers.push(resolve as Settle);
        working ??= work();
      });
      return new ResultAsync(answer);
    },
    oldestWaitMs: () =>
      inFlightSince === undefined && calls.length === 0 ? 0 : performance.now() - (inFlightSince ?? waitingSince),
    between: (other) =>
      new Promise((resolve, reject) => {
        between.push(() => other().then(resolve, reject));
        working ??= work();
      }),
    async drain() {
      isClosed = true;
      await working;
    },
  };
}

export function unavailable(reason: string): Unavailable {
  return { kind: "Unavailable", reason };
}
