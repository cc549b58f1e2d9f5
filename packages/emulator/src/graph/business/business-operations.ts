import type { Answer } from "../../http/answer.ts";
import type { AccountBook } from "../accounts/account-book.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields } from "../objects/fields.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { ok } from "../objects/parameters.ts";

interface BusinessDeps {
  readonly accounts: () => AccountBook;
  /** The accounts that outlets name. */
  readonly namedAccounts: () => readonly string[];
}

/** A business portfolio, which owns every account that is known (Graph API, "Business"). */
export function businessOperations({ accounts, namedAccounts }: BusinessDeps): readonly Operation[] {
  function read({ id, params }: Ask): Answer | GraphError {
    const all = { id, name: "Sandbox", timezone_id: 1, verification_status: "verified", primary_page: undefined };
    const shown = chooseFields(params["fields"], {
      type: "Business",
      all,
      defaults: ["id", "name"],
      empty: ["created_by"],
    });
    return "code" in shown ? (shown as GraphError) : ok(shown);
  }

  function ownedAccounts(ask: Ask): Answer {
    const ids = [...new Set([...namedAccounts(), ...accounts().all()])];
    const all = ids.map((id) => {
      const { name, timezoneId } = accounts().of(id);
      return { id, name, currency: "USD", timezone_id: timezoneId, message_template_namespace: `sandbox_${id}` };
    });
    const { find } = ask.params;
    return ok(
      pageOf(
        all.filter(({ id }) => find === undefined || id === find),
        ask,
        ({ id }) => id,
      ),
    );
  }

  return [
    { method: "GET", on: "business", edge: "", answer: read },
    { method: "GET", on: "business", edge: "owned_whatsapp_business_accounts", answer: ownedAccounts },
    // The accounts of the portfolio's clients: it has none.
    { method: "GET", on: "business", edge: "client_whatsapp_business_accounts", answer: () => ok({ data: [] }) },
    {
      method: "GET",
      on: "business",
      edge: "extendedcredits",
      answer: ({ id }) => ok({ data: [{ id: `1${id.slice(1)}`, legal_entity_name: "Sandbox" }] }),
    },
  ];
}
