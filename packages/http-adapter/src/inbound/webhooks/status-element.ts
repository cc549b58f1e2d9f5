import type { Failure } from "@message-sender/core";
import { isWamid, type Pricing, type StatusUpdate } from "@message-sender/core/adapter";

import { type Fields, fieldsOf } from "../bodies/json-fields.ts";
import { timeOf, printableOf } from "./webhook-values.ts";

/** Turns one of Meta's error objects into a failure. Undefined if it is not an error object. */
export type DescribeFailure = (error: unknown) => Failure | undefined;

/** A parsed element of `statuses`. */
export interface ReadStatus {
  readonly update?: StatusUpdate;
  /** Why the element, or a part of it, was not understood. */
  readonly unread?: string;
}

/** Meta's limit. Longer data is not ours. */
const longestCallbackData = 512;

const statuses: ReadonlySet<unknown> = new Set(["sent", "delivered", "read", "played", "failed"]);

/** Parses an element of `statuses`. It is a message status only if it has no other type and every required field. */
export function readStatus(element: unknown, phoneNumberId: string, describe: DescribeFailure): ReadStatus {
  const fields = fieldsOf(element);
  if (!fields) return { unread: "not an object" };
  const { id, status, timestamp, biz_opaque_callback_data: callbackData } = fields;
  const other = otherTypeOf(fields);
  if (other !== undefined) return { unread: other };
  if (!isStatus(status)) return { unread: `unknown status${named(status)}` };
  if (!isId(id)) return { unread: "no message id" };
  const at = timeOf(timestamp);
  if (!at) return { unread: "no time" };
  const errors = errorsOf(fields);
  const failure = status === "failed" ? errors.map(describe).find((described) => described) : undefined;
  const pricing = pricingOf(fieldsOf(fields["pricing"]));
  const isEchoed = typeof callbackData === "string" && callbackData.length <= longestCallbackData;
  const update = {
    wamid: id,
    phoneNumberId,
    status,
    at,
    ...(isEchoed && { callbackData }),
    ...(failure && { failure }),
    ...(pricing && { pricing }),
  };
  const unread = unreadErrors(errors, status);
  return unread === undefined ? { update } : { update, unread };
}

/** Payments have statuses of their own, some with the same names (Meta, "Payments API", 2026). */
function otherTypeOf({ type, payment }: Fields): string | undefined {
  if (type !== undefined && type !== null && type !== "message") return `another type${named(type)}`;
  return payment === undefined || payment === null ? undefined : "another type: payment";
}

function named(value: unknown): string {
  return typeof value === "string" && /^[A-Za-z0-9_-]{1,32}$/.test(value) ? `: ${value}` : "";
}

function isStatus(status: unknown): status is StatusUpdate["status"] {
  return statuses.has(status);
}

function isId(id: unknown): id is string {
  return isWamid(id);
}

function errorsOf({ errors }: Fields): readonly unknown[] {
  if (Array.isArray(errors)) return errors;
  return errors === undefined || errors === null ? [] : [errors];
}

/** A failed status has one error and others have none. Anything else is kept unparsed. */
function unreadErrors(errors: readonly unknown[], status: string): string | undefined {
  if (errors.length === 0) return undefined;
  if (status !== "failed") return "errors in a status that is not a failure";
  if (errors.length > 1) return "more than one error";
  const code = fieldsOf(errors[0])?.["code"];
  return Number.isSafeInteger(code) || (typeof code === "string" && /^\d{1,9}$/.test(code))
    ? undefined
    : "an error without a code";
}

function pricingOf(fields: Fields | undefined): Pricing | undefined {
  const { billable } = fields ?? {};
  const [model, category, type] = ["pricing_model", "category", "type"].map((name) => printableOf(fields?.[name]));
  const pricing = {
    ...(typeof billable === "boolean" && { billable }),
    ...(model !== undefined && { model }),
    ...(category !== undefined && { category }),
    ...(type !== undefined && { type }),
  };
  return Object.keys(pricing).length > 0 ? pricing : undefined;
}
