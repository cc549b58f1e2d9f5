import type { Failure, FailureClass, Outcome, Secret } from "@message-sender/core";
import { z } from "zod";

import { type GraphErrorRule, graphErrorRule } from "./graph-error-codes.ts";
import { redactLine } from "./redact.ts";

const text = z.string().optional().catch(undefined);

const graphErrorSchema = z.object({
  code: z.int(),
  title: text,
  message: text,
  error_data: z.object({ details: text }).optional().catch(undefined),
  fbtrace_id: text,
  is_transient: z.boolean().optional().catch(undefined),
});

type GraphError = z.infer<typeof graphErrorSchema>;

const answerSchema = z.object({ error: graphErrorSchema });

export interface GraphErrorOptions {
  /** Rules that go before the table's, by code. */
  readonly rules?: Readonly<Record<number, GraphErrorRule>> | undefined;
  /** The access token that the request carried, to be kept out of what is told. */
  readonly token?: Secret | undefined;
}

/** Whether an answer is an error as the Graph API words it. */
export function isGraphError(body: unknown): boolean {
  return answerSchema.safeParse(body).success;
}

/**
 * What an answer other than a success means: by its error code where the body is a Graph error, and only otherwise by
 * its HTTP status, which misleads (code 3 is final with 500, 130429 passes with 400).
 */
export function interpretGraphError(
  httpStatus: number,
  body: unknown,
  retryAfterMs?: number,
  options: GraphErrorOptions = {},
): Outcome {
  const parsed = answerSchema.safeParse(body);
  return parsed.success
    ? byCode(httpStatus, parsed.data.error, retryAfterMs, options)
    : byStatus(httpStatus, retryAfterMs);
}

/** Describes one error object of Meta's, as answers and status webhooks carry it; `undefined` where it has no code. */
export function describeGraphError(error: unknown, options: GraphErrorOptions = {}): Failure | undefined {
  const parsed = graphErrorSchema.safeParse(error);
  if (!parsed.success) return undefined;
  return failureOf(parsed.data, ruleOf(parsed.data, undefined, options), options);
}

function byCode(
  httpStatus: number,
  error: GraphError,
  retryAfterMs: number | undefined,
  options: GraphErrorOptions,
): Outcome {
  const rule = ruleOf(error, httpStatus, options);
  const failure = { ...failureOf(error, rule, options), httpStatus };
  switch (rule.kind) {
    case "CredentialRefused":
      return { kind: "CredentialRefused", failure };
    case "Throttled": {
      const waitMs = Math.max(rule.waitMs ?? 0, retryAfterMs ?? 0);
      return { kind: "Throttled", scope: rule.scope, failure, ...(waitMs > 0 && { retryAfterMs: waitMs }) };
    }
    case "MaybeProcessed":
      return refused(failure, { final: false, maybeProcessed: true, retryAfterMs });
    case "Final":
      return refused(failure, { final: true, retryAfterMs });
  }
}

function byStatus(httpStatus: number, retryAfterMs: number | undefined): Outcome {
  const failure = (failureClass: FailureClass, details = "no error of the Graph API came with it") => ({
    class: failureClass,
    httpStatus,
    details: `HTTP ${httpStatus}: ${details}`,
  });
  const wait = retryAfterMs !== undefined && { retryAfterMs };
  if (httpStatus === 401) return { kind: "CredentialRefused", failure: failure("credentials") };
  if (httpStatus === 429) return { kind: "Throttled", scope: "app", failure: failure("throttled"), ...wait };
  if (httpStatus === 503) return refused(failure("transient"), { final: false, retryAfterMs });
  if (httpStatus >= 500) {
    return { kind: "Ambiguous", sawSuccess: false, cause: `HTTP ${httpStatus} without a Graph error`, ...wait };
  }
  if (httpStatus >= 400) return refused(failure("request"), { final: true, retryAfterMs });
  return refused(failure("protocol", "redirected; not followed"), { final: true });
}

function refused(
  failure: Failure,
  {
    final,
    maybeProcessed = false,
    retryAfterMs,
  }: { final: boolean; maybeProcessed?: boolean; retryAfterMs?: number | undefined },
): Outcome {
  return { kind: "Refused", failure, final, maybeProcessed, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function ruleOf(error: GraphError, httpStatus: number | undefined, { rules }: GraphErrorOptions): GraphErrorRule {
  const known = rules && Object.hasOwn(rules, error.code) ? rules[error.code] : graphErrorRule(error.code);
  if (known) return known;
  const unknown = { title: "Unknown error", advice: "Look the code up in Meta's error reference." };
  if (error.is_transient || (httpStatus ?? 0) >= 500) return { kind: "MaybeProcessed", ...unknown };
  if (httpStatus === 401) return { kind: "CredentialRefused", ...unknown };
  return { kind: "Final", class: "request", ...unknown };
}

function failureOf(error: GraphError, rule: GraphErrorRule, { token }: GraphErrorOptions): Failure {
  const details = error.error_data?.details || error.message || error.title || rule.title;
  const fbtraceId = error.fbtrace_id && redactLine(error.fbtrace_id, 100, token);
  return {
    class: classOf(rule),
    code: error.code,
    details: redactLine(details, 500, token),
    advice: rule.advice,
    ...(fbtraceId && { fbtraceId }),
  };
}

function classOf(rule: GraphErrorRule): FailureClass {
  switch (rule.kind) {
    case "Final":
      return rule.class;
    case "MaybeProcessed":
      return "transient";
    case "Throttled":
      return "throttled";
    case "CredentialRefused":
      return "credentials";
  }
}
