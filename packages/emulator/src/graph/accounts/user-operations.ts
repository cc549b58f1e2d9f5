import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { lacks, list, ok, success, text } from "../objects/parameters.ts";
import type { AccountBook } from "./account-book.ts";

/** Who may work with an account (Graph API, "WhatsApp Business Account Assigned Users"). */
export function userOperations(accounts: () => AccountBook): readonly Operation[] {
  function listAll(ask: Ask): Answer {
    const { users } = accounts().of(ask.id);
    const all = users.map(({ id, tasks }) => ({ id, name: `User ${id}`, user_type: "SYSTEM_USER", tasks }));
    return ok({ ...pageOf(all, ask, ({ id }) => id), summary: { total_count: users.length } });
  }

  function assign({ id, params }: Ask): Answer | GraphError {
    const refusal = lacks(params, "user", "tasks");
    if (refusal) return refusal;
    const user = { id: text(params, "user"), tasks: list(params, "tasks").map(String) };
    const facts = accounts().of(id);
    facts.users = [...facts.users.filter((one) => one.id !== user.id), user];
    accounts().note(id, "USER_ADDED", `The user ${text(params, "user")} was added.`);
    return success;
  }

  function remove({ id, params }: Ask): Answer | GraphError {
    const refusal = lacks(params, "user");
    if (refusal) return refusal;
    const facts = accounts().of(id);
    facts.users = facts.users.filter((one) => one.id !== text(params, "user"));
    accounts().note(id, "USER_REMOVED", `The user ${text(params, "user")} was removed.`);
    return success;
  }

  function accountsOf(ask: Ask): Answer {
    const own = accounts()
      .all()
      .flatMap((id) => {
        const { name, users } = accounts().of(id);
        const permissions = users.find((user) => user.id === ask.id)?.tasks;
        return permissions ? [{ id, name, status: "ACTIVE", permissions }] : [];
      });
    return ok(pageOf(own, ask, ({ id }) => id));
  }

  return [
    { method: "GET", on: "account", edge: "assigned_users", answer: listAll },
    { method: "POST", on: "account", edge: "assigned_users", answer: assign },
    { method: "DELETE", on: "account", edge: "assigned_users", answer: remove },
    { method: "GET", on: "user", edge: "assigned_whatsapp_business_accounts", answer: accountsOf },
  ];
}
