import type { Answer } from "../../http/answer.ts";
import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { isForWhatsApp, lacks, list, ok } from "../objects/parameters.ts";
import type { BlockedUsers } from "./blocked-users.ts";

interface BlockedUserDeps {
  readonly blocked: () => BlockedUsers;
  readonly resolve: (digits: string) => string;
}

/** The people whom a number has blocked (Cloud API, "Block users"). */
export function blockedUserOperations({ blocked, resolve }: BlockedUserDeps): readonly Operation[] {
  function listAll(ask: Ask): Answer {
    const all = blocked().of(ask.id);
    return ok(
      pageOf(
        all.map((user) => ({ messaging_product: "whatsapp", wa_id: user })),
        ask,
        (one) => one.wa_id,
      ),
    );
  }

  function change({ id, params }: Ask, how: "added" | "removed"): Answer | GraphError {
    const refusal = isForWhatsApp(params) ?? lacks(params, "block_users");
    if (refusal) return refusal;
    const users = list(params, "block_users").map((one) => String(isRecord(one) ? one["user"] : one));
    const invalid = users.find((user) => !/\d/.test(user));
    if (invalid !== undefined) return { code: 139100, message: "Failed to block/unblock users" };
    const changed = users.map((input) => ({ input, wa_id: resolve(input.replace(/\D/g, "")) }));
    for (const { wa_id: user } of changed) {
      if (how === "added") blocked().add(id, user);
      else blocked().remove(id, user);
    }
    return ok({ messaging_product: "whatsapp", block_users: { [`${how}_users`]: changed } });
  }

  return [
    { method: "GET", on: "number", edge: "block_users", answer: listAll },
    { method: "POST", on: "number", edge: "block_users", answer: (ask) => change(ask, "added") },
    { method: "DELETE", on: "number", edge: "block_users", answer: (ask) => change(ask, "removed") },
  ];
}
