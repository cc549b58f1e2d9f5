import type { Answer } from "../../http/answer.ts";
import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields } from "../objects/fields.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { isForWhatsApp, isNoneOf, isNot, lacks, ok, success, text } from "../objects/parameters.ts";
import type { Automation } from "./automation-operations.ts";
import type { NumberBook } from "./number-facts.ts";

interface NumberOperationDeps {
  readonly numbers: () => NumberBook;
  /** How many messages a number may send per second, where that is limited. */
  readonly throughputOf: (phoneNumberId: string) => number | undefined;
  readonly automationOf: (phoneNumberId: string) => Automation;
}

const pin = { form: /^\d{6}$/, what: "6 digits" };
const defaults = [
  "id",
  "display_phone_number",
  "verified_name",
  "quality_rating",
  "code_verification_status",
  "status",
  "platform_type",
  "throughput",
  "webhook_configuration",
];

/** A number and its registration (Cloud API, "WhatsApp Account Number", "Register", "Two-step verification"). */
export function numberOperations({ numbers, throughputOf, automationOf }: NumberOperationDeps): readonly Operation[] {
  const show = (id: string, fields: unknown) =>
    chooseFields(fields, {
      type: "WhatsAppBusinessPhoneNumber",
      all: { ...shownFacts(id, numbers(), throughputOf(id)), conversational_automation: automationOf(id) },
      defaults,
      empty: ["certificate", "new_certificate", "health_status", "eligibility_for_api_business_global_search"],
    });

  function read({ id, params }: Ask): Answer | GraphError {
    const shown = show(id, params["fields"]);
    return "code" in shown ? (shown as GraphError) : ok(shown);
  }

  function update({ id, params }: Ask): Answer | GraphError {
    const refusal =
      isNot(params, "pin", pin.form, pin.what) ?? isNoneOf(params, "search_visibility", ["VISIBLE", "HIDDEN"]);
    if (refusal) return refusal;
    const facts = numbers().of(id);
    const { new_display_name: name, username, search_visibility: visibility } = params;
    const settings = params["whatsapp_business_api_data"];
    const webhook = params["webhook_configuration"];
    if ("pin" in params) facts.pin = text(params, "pin");
    if (isRecord(settings) && settings["pin"] !== undefined) facts.pin = text(settings, "pin");
    if (typeof name === "string") facts.newName = name;
    if (typeof username === "string") facts.username = username;
    if (typeof visibility === "string") facts.searchVisibility = visibility;
    if (isRecord(webhook)) facts.callbackUrl = text(webhook, "override_callback_uri") || undefined;
    return success;
  }

  function register({ id, params }: Ask): Answer | GraphError {
    const refusal = isForWhatsApp(params) ?? lacks(params, "pin") ?? isNot(params, "pin", pin.form, pin.what);
    if (refusal) return refusal;
    const facts = numbers().of(id);
    if (!facts.isVerified)
      return { code: 133006, details: "The phone number needs to be verified before registering." };
    if (facts.pin !== undefined && facts.pin !== text(params, "pin")) {
      return { code: 133005, details: "The two-step verification PIN does not match." };
    }
    facts.pin = text(params, "pin");
    facts.isRegistered = true;
    return success;
  }

  function deregister({ id }: Ask): Answer {
    numbers().of(id).isRegistered = false;
    return success;
  }

  function requestCode({ params }: Ask): Answer | GraphError {
    return lacks(params, "code_method", "language") ?? isNoneOf(params, "code_method", ["SMS", "VOICE"]) ?? success;
  }

  /** Any six digits are the code: nobody receives it. */
  function verifyCode({ id, params }: Ask): Answer | GraphError {
    const refusal = lacks(params, "code") ?? isNot(params, "code", pin.form, pin.what);
    if (refusal) return refusal;
    numbers().of(id).isVerified = true;
    return ok({ success: true, id });
  }

  return [
    { method: "GET", on: "number", edge: "", answer: read },
    { method: "POST", on: "number", edge: "", answer: update },
    { method: "POST", on: "number", edge: "register", answer: register },
    { method: "POST", on: "number", edge: "deregister", answer: deregister },
    { method: "POST", on: "number", edge: "request_code", answer: requestCode },
    { method: "POST", on: "number", edge: "verify_code", answer: verifyCode },
  ];
}

/** The number as a healthy one has it. */
export function shownFacts(id: string, numbers: NumberBook, perSecond: number | undefined) {
  const facts = numbers.of(id);
  return {
    id,
    display_phone_number: `+${facts.displayNumber}`,
    verified_name: facts.verifiedName,
    status: facts.isRegistered ? "CONNECTED" : facts.isVerified ? "DISCONNECTED" : "UNVERIFIED",
    quality_rating: "GREEN",
    code_verification_status: facts.isVerified ? "VERIFIED" : "UNVERIFIED",
    name_status: "APPROVED",
    ...(facts.newName !== undefined && { new_name_status: "PENDING_REVIEW", new_display_name: facts.newName }),
    account_mode: "LIVE",
    platform_type: "CLOUD_API",
    host_platform: "CLOUD_API",
    is_official_business_account: false,
    is_pin_enabled: facts.pin !== undefined,
    is_on_biz_app: false,
    search_visibility: facts.searchVisibility,
    username: facts.username,
    country_code: "US",
    country_dial_code: "1",
    messaging_limit_tier: "TIER_2K",
    whatsapp_business_manager_messaging_limit: "TIER_2K",
    throughput: { level: (perSecond ?? 0) >= 1000 ? "HIGH" : "STANDARD" },
    webhook_configuration: facts.callbackUrl === undefined ? undefined : { phone_number: facts.callbackUrl },
  };
}
