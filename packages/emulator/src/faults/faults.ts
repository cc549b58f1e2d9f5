import { z } from "zod";

import { concerns, type Facts, needsBody } from "./fault-match.ts";
import type { FaultMatch } from "./fault-match.ts";

/** `graph` is both of its own: what is sent, and what is uploaded. */
export type FaultTarget =
  | "graph"
  | "graph.messages"
  | "graph.media"
  | "tenant"
  | "tenant.credentials"
  | "tenant.quota"
  | "conversation";

/** Counted in requests that the fault concerns: all of them, the next N, or each Nth. */
export type FaultTrigger = "always" | { readonly next: number } | { readonly every: number };

export type FaultEffect =
  /** An error of Meta's, by its code; the status is Meta's usual one unless given. */
  | {
      readonly graphError: number;
      readonly details?: string;
      readonly status?: number;
      readonly isTransient?: boolean;
      readonly retryAfterSeconds?: number;
    }
  /** An answer from something in front of the service; an HTML page unless a body is given, or nothing with 204. */
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Late, then as usual. */
  | { readonly delayMs: number }
  /** Carried out at once; its answer is late. */
  | { readonly acceptThenDelayMs: number }
  /** Silence, until the client gives up or the sandbox resets or closes. */
  | { readonly hang: true }
  /** The connection is reset before or after the request's body was read; nothing was done. */
  | { readonly reset: "before" | "after" }
  /** The request was carried out, and its answer never arrives. */
  | { readonly acceptThenLose: "reset" | "close" | "hang" }
  /** The request was carried out; half of the answer's body arrives. */
  | { readonly truncate: true }
  /** 200 with a page of HTML; nothing was done. */
  | { readonly html: true };

export interface Fault {
  readonly target: FaultTarget;
  /** Default: `always`. */
  readonly trigger?: FaultTrigger;
  /** Only requests that have all of this; default: each one. */
  readonly match?: FaultMatch;
  readonly effect: FaultEffect;
}

export interface FaultHandle extends Fault {
  readonly id: string;
  /** How many requests met it. */
  readonly hits: number;
  remove(): void;
}

/** Tried in the order in which they were added: the first that concerns a request and triggers is the one it meets. */
export interface Faults {
  /** Throws when the fault makes no sense. A fault whose `next` is used up removes itself. */
  add(fault: Fault): FaultHandle;
  list(): readonly FaultHandle[];
  clear(): void;
}

export interface FaultSource extends Faults {
  readonly idle: boolean;
  /** `readBody` is only called when a fault asks for what is in it. */
  meet(target: FaultTarget, facts: Facts, readBody: () => Promise<unknown>): Promise<FaultHandle | undefined>;
}

const positive = z.int().min(1);
const status = z.int().min(200).max(599);

const effectSchema: z.ZodType<FaultEffect> = z.union(
  [
    z.strictObject({
      graphError: z.int().min(0),
      details: z.string().exactOptional(),
      status: status.exactOptional(),
      isTransient: z.boolean().exactOptional(),
      retryAfterSeconds: z.number().min(0).exactOptional(),
    }),
    z.strictObject({
      status,
      body: z.string().exactOptional(),
      headers: z.record(z.string(), z.string()).exactOptional(),
    }),
    z.strictObject({ delayMs: z.number().min(0) }),
    z.strictObject({ acceptThenDelayMs: z.number().min(0) }),
    z.strictObject({ hang: z.literal(true) }),
    z.strictObject({ reset: z.enum(["before", "after"]) }),
    z.strictObject({ acceptThenLose: z.enum(["reset", "close", "hang"]) }),
    z.strictObject({ truncate: z.literal(true) }),
    z.strictObject({ html: z.literal(true) }),
  ],
  {
    error:
      "effect must be one of graphError, status, delayMs, acceptThenDelayMs, hang, reset, acceptThenLose, truncate, html",
  },
);

export const matchSchema: z.ZodType<FaultMatch> = z.strictObject({
  to: z.string().exactOptional(),
  tenantId: z.string().exactOptional(),
  phoneNumberId: z.string().exactOptional(),
  messageIncludes: z.string().exactOptional(),
});

/** What `add` takes, also over HTTP. */
export const faultSchema: z.ZodType<Fault> = z
  .strictObject({
    target: z.enum([
      "graph",
      "graph.messages",
      "graph.media",
      "tenant",
      "tenant.credentials",
      "tenant.quota",
      "conversation",
    ]),
    trigger: z
      .union([z.literal("always"), z.strictObject({ next: positive }), z.strictObject({ every: positive })], {
        error: 'trigger must be "always", {"next": N} or {"every": N}',
      })
      .exactOptional(),
    match: matchSchema.exactOptional(),
    effect: effectSchema,
  })
  .refine((fault) => fault.target.startsWith("graph") || !("graphError" in fault.effect), {
    error: "only the target graph answers with a graphError",
    path: ["effect", "graphError"],
  });

export function createFaults(): FaultSource {
  const active = new Map<string, { handle: FaultHandle; triggers(): boolean }>();
  let added = 0;

  function add(input: Fault): FaultHandle {
    const fault = faultSchema.parse(input);
    const { trigger = "always" } = fault;
    added += 1;
    const id = `fault-${added}`;
    let seen = 0;
    let hits = 0;
    const handle: FaultHandle = {
      id,
      ...fault,
      get hits() {
        return hits;
      },
      remove: () => active.delete(id),
    };
    function triggers(): boolean {
      seen += 1;
      if (trigger !== "always" && "every" in trigger && seen % trigger.every !== 0) return false;
      hits += 1;
      if (trigger !== "always" && "next" in trigger && hits === trigger.next) active.delete(id);
      return true;
    }
    active.set(id, { handle, triggers });
    return handle;
  }

  return {
    add,
    list: () => [...active.values()].map(({ handle }) => handle),
    clear: () => active.clear(),
    get idle() {
      return active.size === 0;
    },
    async meet(target, facts, readBody) {
      for (const [id, { handle, triggers }] of active) {
        if (handle.target !== target && !target.startsWith(`${handle.target}.`)) continue;
        const { match } = handle;
        if (match && !concerns(match, facts, needsBody(match, facts) ? await readBody() : undefined)) continue;
        if (active.has(id) && triggers()) return handle;
      }
      return undefined;
    },
  };
}
