import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields } from "../objects/fields.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { list, ok, success, text } from "../objects/parameters.ts";
import type { AccountBook } from "./account-book.ts";
import { sandboxApp } from "./sandbox-app.ts";

const defaults = ["id", "name", "timezone_id", "message_template_namespace"];
const empty = [
  "purchase_order_number",
  "on_behalf_of_business_info",
  "owner_business_info",
  "marketing_messages_lite_api_status",
];

/** A WhatsApp Business Account and its subscriptions (Graph API, "WhatsApp Business Account", "Subscribed apps"). */
export function accountOperations(accounts: () => AccountBook): readonly Operation[] {
  function read({ id, params }: Ask): Answer | GraphError {
    const { name, timezoneId } = accounts().of(id);
    const shown = chooseFields(params["fields"], {
      type: "WhatsAppBusinessAccount",
      all: {
        id,
        name,
        timezone_id: timezoneId,
        currency: "USD",
        country: "US",
        message_template_namespace: `sandbox_${id}`,
        account_review_status: "APPROVED",
        business_verification_status: "VERIFIED",
        ownership_type: "SELF_OWNED",
        primary_business_location: "US",
        is_enabled_for_insights: true,
        health_status: {
          can_send_message: "AVAILABLE",
          entities: [{ entity_type: "WABA", id, can_send_message: "AVAILABLE" }],
        },
      },
      defaults,
      empty,
    });
    return "code" in shown ? (shown as GraphError) : ok(shown);
  }

  function update({ id, params }: Ask): Answer | GraphError {
    if (params["name"] === "") return { code: 100, message: "Invalid parameter: name must be a non-empty string" };
    if ("name" in params) accounts().of(id).name = text(params, "name");
    if ("timezone_id" in params) accounts().of(id).timezoneId = text(params, "timezone_id");
    accounts().note(id, "ACCOUNT_UPDATED", "The account was updated.");
    return success;
  }

  function subscriptions(id: string) {
    const { isSubscribed, callbackUrl } = accounts().of(id);
    if (!isSubscribed) return [];
    return [
      {
        whatsapp_business_api_data: sandboxApp,
        ...(callbackUrl !== undefined && { override_callback_uri: callbackUrl }),
      },
    ];
  }

  function subscribe({ id, params }: Ask): Answer | GraphError {
    const url = text(params, "override_callback_uri");
    if (url !== "" && !URL.canParse(url)) return { code: 100, message: "Invalid callback URI format" };
    const facts = accounts().of(id);
    facts.isSubscribed = true;
    facts.callbackUrl = url === "" ? undefined : url;
    accounts().note(id, "WEBHOOK_CONFIGURED", "The app was subscribed to the account.");
    return url === "" ? success : ok({ success: true, data: subscriptions(id) });
  }

  function unsubscribe({ id }: Ask): Answer {
    Object.assign(accounts().of(id), { isSubscribed: false, callbackUrl: undefined });
    return success;
  }

  function activities(ask: Ask): Answer {
    const types = list(ask.params, "activity_type");
    const all = accounts()
      .of(ask.id)
      .activities.filter((one) => types.length === 0 || types.includes(one.activity_type));
    return ok(pageOf(all, ask, (one) => one.id));
  }

  return [
    { method: "GET", on: "account", edge: "", answer: read },
    { method: "POST", on: "account", edge: "", answer: update },
    { method: "GET", on: "account", edge: "subscribed_apps", answer: ({ id }) => ok({ data: subscriptions(id) }) },
    { method: "POST", on: "account", edge: "subscribed_apps", answer: subscribe },
    { method: "DELETE", on: "account", edge: "subscribed_apps", answer: unsubscribe },
    { method: "GET", on: "account", edge: "activities", answer: activities },
  ];
}
