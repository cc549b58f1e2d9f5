import type { Answer } from "../../http/answer.ts";
import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields, isRefusal } from "../objects/fields.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { isForWhatsApp, isNoneOf, isNot, lacks, list, ok, success, text } from "../objects/parameters.ts";

interface Group {
  readonly id: string;
  readonly phoneNumberId: string;
  subject: string;
  description: string;
  readonly joinApprovalMode: string;
  readonly createdAt: number;
  participants: readonly string[];
  /** How many links it had. */
  links: number;
  link: string | undefined;
}

interface GroupDeps {
  readonly memory: Memory;
  readonly objects: Objects;
  readonly now: () => number;
  /** Sends a webhook: the answer to a creation does not have the group's id. */
  readonly notify: (phoneNumberId: string, field: string, value: Readonly<Record<string, unknown>>) => void;
}

const product = { messaging_product: "whatsapp" };

/** Groups of a number and up to eight people (Cloud API, "Groups API"). Nobody asks to join one. */
export function groupOperations({ memory, objects, now, notify }: GroupDeps): readonly Operation[] {
  const known = memory.map<Group>("groups");
  const withGroup = (answer: (group: Group, ask: Ask) => Answer | GraphError) => (ask: Ask) => {
    const group = known.get(ask.id);
    return group ? answer(group, ask) : { code: 100 };
  };

  function create({ id: phoneNumberId, params }: Ask): Answer | GraphError {
    const refusal =
      isForWhatsApp(params) ??
      lacks(params, "subject") ??
      isNot(params, "subject", /^[^]{1,128}$/, "at most 128 characters long") ??
      isNoneOf(params, "join_approval_mode", ["approval_required", "auto_approve"]);
    if (refusal) return refusal;
    const id = objects.add("group", { kind: "number", id: phoneNumberId });
    const group: Group = {
      id,
      phoneNumberId,
      subject: text(params, "subject"),
      description: text(params, "description"),
      joinApprovalMode: text(params, "join_approval_mode") || "auto_approve",
      createdAt: Math.floor(now() / 1_000),
      participants: [],
      links: 1,
      link: linkOf(id, 1),
    };
    known.set(id, group);
    const requestId = `request-${id}`;
    const created = { timestamp: String(group.createdAt), group_id: id, type: "group_create", request_id: requestId };
    notify(phoneNumberId, "group_lifecycle_update", {
      groups: [{ ...created, subject: group.subject, invite_link: group.link }],
    });
    return ok({ ...product, request_id: requestId });
  }

  function listAll(ask: Ask): Answer {
    const own = [...known.values()].filter(({ phoneNumberId }) => phoneNumberId === ask.id);
    const { data, paging } = pageOf(own, ask, ({ id }) => id);
    const groups = data.map(({ id, subject, createdAt }) => ({ id, subject, created_at: String(createdAt) }));
    return ok({ data: { groups }, ...(paging && { paging }) });
  }

  const read = withGroup((group, { params }) => {
    const shown = chooseFields(params["fields"], {
      type: "WhatsAppGroup",
      all: {
        id: group.id,
        ...product,
        subject: group.subject,
        description: group.description,
        join_approval_mode: group.joinApprovalMode,
        suspended: false,
        creation_timestamp: group.createdAt,
        participants: group.participants.map((wa_id) => ({ wa_id })),
        total_participant_count: group.participants.length,
      },
      defaults: [
        "id",
        "messaging_product",
        "subject",
        "description",
        "join_approval_mode",
        "suspended",
        "creation_timestamp",
        "participants",
        "total_participant_count",
      ],
    });
    return isRefusal(shown) ? shown : ok(shown);
  });

  const update = withGroup((group, { params }) => {
    if (params["subject"] !== undefined) group.subject = text(params, "subject");
    if (params["description"] !== undefined) group.description = text(params, "description");
    return success;
  });

  const remove = withGroup(({ id }) => {
    known.delete(id);
    objects.remove(id);
    return success;
  });

  const makeLink = withGroup((group) => {
    group.links += 1;
    group.link = linkOf(group.id, group.links);
    return ok({ ...product, invite_link: group.link });
  });
  const readLink = withGroup(({ link }) => ok({ ...product, ...(link !== undefined && { invite_link: link }) }));
  const removeLink = withGroup((group) => {
    group.link = undefined;
    // Meta's OpenAPI file has a string.
    return ok({ ...product, success: "true" });
  });
  const joinRequests = withGroup(() => ok({ data: [] }));
  const decide = (how: "approved" | "rejected") =>
    withGroup((_, { params }) => {
      const refusal = isForWhatsApp(params) ?? lacks(params, "join_requests");
      if (refusal) return refusal;
      const failed = list(params, "join_requests").map((id) => ({
        join_request_id: String(id),
        errors: [{ code: 131202, title: "Join request does not exist", message: "Join request does not exist" }],
      }));
      return ok({ ...product, [`${how}_join_requests`]: [], failed_join_requests: failed });
    });
  const change = (how: "add" | "delete") =>
    withGroup((group, { params }) => {
      const refusal = isForWhatsApp(params) ?? lacks(params, "participants");
      if (refusal) return refusal;
      const users = list(params, "participants").map((one) =>
        String(isRecord(one) ? one["user"] : one).replace(/\D/g, ""),
      );
      const others = group.participants.filter((one) => !users.includes(one));
      group.participants = how === "add" ? [...others, ...new Set(users)] : others;
      return ok({ ...product, request_id: `request-${group.id}` });
    });

  return [
    { method: "POST", on: "number", edge: "groups", answer: create },
    { method: "GET", on: "number", edge: "groups", answer: listAll },
    { method: "GET", on: "group", edge: "", answer: read },
    { method: "POST", on: "group", edge: "", answer: update },
    { method: "DELETE", on: "group", edge: "", answer: remove },
    { method: "GET", on: "group", edge: "invite_link", answer: readLink },
    { method: "POST", on: "group", edge: "invite_link", answer: makeLink },
    { method: "DELETE", on: "group", edge: "invite_link", answer: removeLink },
    { method: "GET", on: "group", edge: "join_requests", answer: joinRequests },
    { method: "POST", on: "group", edge: "join_requests", answer: decide("approved") },
    { method: "DELETE", on: "group", edge: "join_requests", answer: decide("rejected") },
    { method: "POST", on: "group", edge: "participants", answer: change("add") },
    { method: "DELETE", on: "group", edge: "participants", answer: change("delete") },
  ];
}

function linkOf(id: string, count: number): string {
  return `https://chat.whatsapp.com/${Buffer.from(`${id}/${count}`).toString("base64url")}`;
}
