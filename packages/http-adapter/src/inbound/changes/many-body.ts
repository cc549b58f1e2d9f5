import type { CancelManyQuery } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { loggedFilter } from "../fields/logged-filter.ts";
import { errorsOf, isAbsent, recipientField, requestBody } from "../fields/request-field.ts";
import { filterQuery, listQuery } from "../messages/list-query.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import type { ChangeFields } from "../requests/request-end.ts";
import { actionField } from "./resolve-request.ts";

const { tenant_id, outlet_id, conversation_id, reference, whatsapp_message_id, idempotency_key, since, until } =
  listQuery.shape;

/** The filters of the list of messages, in a body. */
const filters = {
  tenant_id: tenant_id.nullable(),
  outlet_id: outlet_id.nullable(),
  conversation_id: conversation_id.nullable(),
  to: recipientField.nullish(),
  reference: reference.nullable(),
  whatsapp_message_id: whatsapp_message_id.nullable(),
  idempotency_key: idempotency_key.nullable(),
  since: since.nullable(),
  until: until.nullable(),
};

const place = {
  cursor: z.string({ error: "must be a string" }).nullish().describe("The `next_cursor` of the answer before."),
  dry_run: z
    .boolean({ error: "must be true or false" })
    .nullish()
    .describe("Only counts the messages that match, and changes none."),
};

export const cancelManyBody = requestBody({
  ...filters,
  status: z.enum(["queued"], { error: "must be queued" }).nullish().describe("Only queued messages can be canceled."),
  ...place,
}).meta({ id: "CancelMessages" });

export const resolveManyBody = requestBody({
  action: actionField,
  ...filters,
  status: z
    .enum(["unknown", "failed"], { error: "must be unknown or failed" })
    .nullish()
    .describe("Default: each status in which the action changes a message. `abandon` changes unknown ones only."),
  ...place,
}).meta({ id: "ResolveMessages" });

type ManyBody = z.output<typeof cancelManyBody> | z.output<typeof resolveManyBody>;

/** Parses a body that says which messages to change. */
export function parseMany<B extends ManyBody>(schema: z.ZodType<B>): (body: unknown) => Result<B, Problem> {
  return (body) => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) return err(invalidRequest("The request is invalid.", errorsOf(parsed.error.issues)));
    const isFiltered = [...Object.keys(filters), "status"].some(
      (name) => !isAbsent(parsed.data[name as keyof ManyBody]),
    );
    return isFiltered ? ok(parsed.data) : err(withoutFilter);
  };
}

/** A filter that a caller left out by mistake must not mean everything. */
const withoutFilter = invalidRequest("The request is invalid.", [{ pointer: "", detail: "must have a filter" }]);

/** The query of a caller that sees only these tenants. A tenant in the body is one of them. */
export function queryOf(body: Omit<ManyBody, "action">, seen: "all" | ReadonlySet<string>): CancelManyQuery {
  const { dry_run: isPreview, ...fields } = body;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));
  return { ...filterQuery(given, seen), isPreview: isPreview === true };
}

/** What the log says of a change of many messages. */
export function changeFields(body: Omit<ManyBody, "action">, action: string): ChangeFields {
  const { dry_run, cursor: _, ...filter } = body;
  const logged = loggedFilter(filter, ["to", "reference", "idempotency_key"]);
  return { action, filter: logged, dry_run: dry_run === true };
}
