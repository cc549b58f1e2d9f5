import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { flag, isNoneOf, isNot, lacks, list, ok } from "../objects/parameters.ts";
import type { AccountBook } from "./account-book.ts";

interface ScheduleDeps {
  readonly accounts: () => AccountBook;
  readonly now: () => number;
  readonly nextId: () => string;
}

const types = ["BUSINESS_HOURS", "AUTOMATED_RESPONSE", "MESSAGE_CAMPAIGN", "MAINTENANCE_WINDOW", "CUSTOM"];
const time = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const optional = ["description", "timezone", "recurrence_pattern"];

/** Business hours and the like (Meta's OpenAPI file, "schedules"). */
export function scheduleOperations({ accounts, now, nextId }: ScheduleDeps): readonly Operation[] {
  function create({ id: accountId, params }: Ask): Answer | GraphError {
    const refusal =
      lacks(params, "name", "schedule_type", "start_time", "end_time") ??
      isNoneOf(params, "schedule_type", types) ??
      isNot(params, "start_time", time, "a time as HH:MM") ??
      isNot(params, "end_time", time, "a time as HH:MM");
    if (refusal) return refusal;
    const { name, schedule_type, start_time, end_time } = params;
    const id = nextId();
    const isActive = flag(params, "is_active") ?? true;
    const createdAt = new Date(now()).toISOString();
    accounts()
      .of(accountId)
      .schedules.push({
        id,
        name,
        status: isActive ? "ACTIVE" : "INACTIVE",
        schedule_type,
        start_time,
        end_time,
        is_active: isActive,
        ...(params["days_of_week"] !== undefined && { days_of_week: list(params, "days_of_week") }),
        ...Object.fromEntries(optional.filter((key) => key in params).map((key) => [key, params[key]])),
        created_time: createdAt,
        updated_time: createdAt,
      });
    return ok({ id });
  }

  return [
    {
      method: "GET",
      on: "account",
      edge: "schedules",
      answer: (ask) => ok(pageOf(accounts().of(ask.id).schedules, ask, (one) => String(one["id"]))),
    },
    { method: "POST", on: "account", edge: "schedules", answer: create },
  ];
}
