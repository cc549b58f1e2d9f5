import type { Answer } from "../../http/answer.ts";
import { sandboxApp } from "../accounts/sandbox-app.ts";
import type { GraphError } from "../graph-error.ts";
import type { GraphMessage } from "../graph-message.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { list, ok } from "../objects/parameters.ts";

/** A status of a message, and the webhook about it. */
export interface ReportedStatus {
  readonly status: string;
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** Where a webhook about it was sent; undefined: nowhere yet. */
  readonly url: string | undefined;
  readonly wasDelivered: boolean;
}

interface HistoryDeps {
  readonly memory: Memory;
  readonly objects: Objects;
  readonly messages: () => readonly GraphMessage[];
  readonly statusesOf: (wamid: string) => readonly ReportedStatus[];
}

/** What became of the messages of a number, and of the webhooks about them (Meta's OpenAPI file, "message_history"). */
export function historyOperations({ memory, objects, messages, statusesOf }: HistoryDeps): readonly Operation[] {
  const ids = memory.map<string>("historyIds");
  const wamids = memory.map<string>("historyMessages");

  function idOf({ wamid, phoneNumberId }: GraphMessage): string {
    const known = ids.get(wamid);
    if (known !== undefined && objects.find(known)) return known;
    const id = objects.add("history", { kind: "number", id: phoneNumberId });
    ids.set(wamid, id);
    wamids.set(id, wamid);
    return id;
  }

  function listAll(ask: Ask): Answer | GraphError {
    const { message_id: wanted } = ask.params;
    const own = messages().filter(
      ({ phoneNumberId, wamid }) => phoneNumberId === ask.id && (wanted === undefined || wamid === wanted),
    );
    if (wanted !== undefined && own.length === 0) {
      const message = "The requested message_id was not found in the message history";
      return { code: 100, type: "GraphMethodException", message };
    }
    const { data, paging } = pageOf(own, ask, ({ wamid }) => wamid);
    const entries = data.map((message) => {
      const id = idOf(message);
      const events = statusesOf(message.wamid).map((one, index) => ({
        id: `${id}${index}`,
        delivery_status: one.status.toUpperCase(),
        timestamp: Math.floor(one.at / 1_000),
        webhook_update_state: one.url === undefined ? "PENDING" : one.wasDelivered ? "DELIVERED" : "FAILED",
        application: { id: sandboxApp.id },
        ...(one.url !== undefined && { webhook_uri: one.url }),
      }));
      return { id, message_id: message.wamid, events: { data: events } };
    });
    return ok({ data: entries, ...(paging && { paging }) });
  }

  function events(ask: Ask): Answer {
    const statuses = list(ask.params, "status_filter");
    const all = statusesOf(wamids.get(ask.id) ?? "")
      .map((one, index) => ({
        id: `${ask.id}${index}`,
        delivery_status: one.status.toUpperCase(),
        occurrence_timestamp: Math.floor(one.at / 1_000),
        status_timestamp: Math.floor(one.at / 1_000),
        application: { id: sandboxApp.id, name: sandboxApp.name },
      }))
      .filter((one) => statuses.length === 0 || statuses.includes(one.delivery_status));
    const { data, paging } = pageOf(all, ask, ({ id }) => id);
    const edges = data.map((node) => ({ cursor: Buffer.from(node.id).toString("base64url"), node }));
    return ok({ data: edges, ...(paging && { paging }) });
  }

  return [
    { method: "GET", on: "number", edge: "message_history", answer: listAll },
    { method: "GET", on: "history", edge: "events", answer: events },
  ];
}
