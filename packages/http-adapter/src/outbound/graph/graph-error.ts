import type { Failure, Secret } from "@message-sender/core";
import type { FailureClass, Outcome } from "@message-sender/core/adapter";
import { z } from "zod";

import { graphErrorRule, unknownErrorRule } from "./error-codes/error-table.ts";
import type { GraphErrorRule } from "./error-codes/error-rule.ts";
import { redactLine } from "../redaction/redact.ts";

const text = z.string().optional().catch(undefined);

/** A number, or a number as a string. */
const errorCode = z.int().or(
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
);

const graphErrorSchema = z.object({
  code: errorCode,
  title: text,
  message: text,
  error_data: z.object({ details: text }).optional().catch(undefined),
  fbtrace_id: text,
  is_transient: z.boolean().optional().catch(undefined),
});

type GraphError = z.infer<typeof graphErrorSchema>;

const answerSchema = z.object({ error: graphErrorSchema });

/** Rules that replace the table's, by error code. */
export type GraphErrorOverrides = Readonly<Record<number, GraphErrorRule>>;

/** How errors of the Graph API are interpreted. */
export interface GraphErrorOptions {
  /** Take precedence over the table. */
  readonly rules?: GraphErrorOverrides | undefined;
  /** The access token of the request, which must not appear in the result. */
  readonly token?: Secret | undefined;
}

/** Whether an answer's body is a Graph API error. */
export function isGraphError(body: unknown): boolean {
  return answerSchema.safeParse(body).success;
}

/**
 * Interprets an unsuccessful answer: by its error code if the body is a Graph error, otherwise by its HTTP status. The status
 * alone is misleading: code 3 comes with 500 and is final, 130429 comes with 400 and is temporary.
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

/** Describes an error object of an answer or a status webhook. Undefined if it has no code. */
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
  switch (rule.class) {
    case "credentials":
      return { kind: "CredentialRefused", failure };
    case "throttled": {
      const waitMs = Math.max(rule.waitMs ?? 0, retryAfterMs ?? 0);
      return { kind: "Throttled", scope: rule.scope, failure, ...(waitMs > 0 && { retryAfterMs: waitMs }) };
    }
    case "transient":
      return refused(failure, { final: false, maybeProcessed: rule.maybeProcessed, retryAfterMs });
    default:
      return refused(failure, { final: true, retryAfterMs });
  }
}

function byStatus(httpStatus: number, retryAfterMs: number | undefined): Outcome {
  const failure = (failureClass: FailureClass, what = "without a Graph error") => ({
    class: failureClass,
    httpStatus,
    details: `HTTP ${httpStatus} ${what}`,
  });
  const wait = retryAfterMs !== undefined && { retryAfterMs };
  if (httpStatus === 401) return { kind: "CredentialRefused", failure: failure("credentials") };
  if (httpStatus === 429) return { kind: "Throttled", scope: "app", failure: failure("throttled"), ...wait };
  if (httpStatus === 503) return refused(failure("transient"), { final: false, retryAfterMs });
  if (httpStatus >= 500) {
    const cause = `HTTP ${httpStatus} without a Graph error`;
    return { kind: "Ambiguous", sawSuccess: false, cause, httpStatus, ...wait };
  }
  if (httpStatus >= 400) return refused(failure("request"), { final: true, retryAfterMs });
  return refused(failure("protocol", "is a redirect, which is not followed"), { final: true });
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
  return known ?? unknownErrorRule({ httpStatus, isTransient: error.is_transient });
}

function failureOf(error: GraphError, rule: GraphErrorRule, { token }: GraphErrorOptions): Failure {
  const details = error.error_data?.details || error.message || error.title || rule.title;
  const fbtraceId = error.fbtrace_id && redactLine(error.fbtrace_id, 100, token);
  return {
    class: rule.class,
    code: error.code,
    title: rule.title,
    details: redactLine(details, 500, token),
    advice: rule.advice,
    ...(rule.concerns && { concerns: rule.concerns }),
    ...(fbtraceId && { fbtraceId }),
  };
}
