import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields, isRefusal } from "../objects/fields.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { isForWhatsApp, lacks, ok, success } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";

type Fields = Record<string, unknown>;

/** What the law of India asks of a business (Cloud API, "Business compliance"). */
export function complianceOperations({
  memory,
  keep,
  wabaOf,
}: {
  readonly memory: Memory;
  readonly keep: number;
  readonly wabaOf: (phoneNumberId: string) => string;
}): readonly Operation[] {
  const infoOf = perObject<{ info?: Fields }>(memory.map("compliance"), keep, () => ({}));
  const names = [
    "entity_name",
    "entity_type",
    "entity_type_custom",
    "is_registered",
    "grievance_officer_details",
    "customer_care_details",
  ];

  function read({ id, params }: Ask): Answer | GraphError {
    const { info } = infoOf(id);
    if (!info) return ok({ data: [] });
    const shown = chooseFields(params["fields"], {
      type: "WhatsAppBusinessComplianceInfo",
      all: info,
      defaults: Object.keys(info),
      empty: names,
    });
    if (isRefusal(shown)) return shown;
    return ok({ data: [{ whatsapp_business_account_id: wabaOf(id), ...shown }] });
  }

  function save({ id, params }: Ask): Answer | GraphError {
    const refusal =
      isForWhatsApp(params) ??
      lacks(params, "entity_name", "entity_type", "grievance_officer_details", "customer_care_details");
    if (refusal) return refusal;
    const given = Object.fromEntries(names.filter((name) => name in params).map((name) => [name, params[name]]));
    infoOf(id).info = { messaging_product: "whatsapp", ...given };
    return success;
  }

  return [
    { method: "GET", on: "number", edge: "business_compliance_info", answer: read },
    { method: "POST", on: "number", edge: "business_compliance_info", answer: save },
  ];
}
