import { isRecord } from "../../json/records.ts";
import { productSections } from "./interactive.ts";
import {
  allOf,
  array,
  badParameter,
  badValue,
  byType,
  nonEmptyLabel,
  nonEmptyText,
  number,
  object,
  optional,
  type Rule,
  text,
} from "./rules.ts";
import { parameterText, textOfParameter } from "./template-parameter.ts";

const buttonIndex: Rule = (value, at) =>
  /^\d$/.test(String(value)) ? undefined : badValue(`Param ${at} is not the index of a button.`);

const url = object({ text: textOfParameter });
const coupon = object({ coupon_code: allOf(nonEmptyLabel("Coupon code", 20), parameterText) });
const flow = object({ action: object({ flow_token: optional(text()), flow_action_data: optional(object()) }) });
const thumbnail = { thumbnail_product_retailer_id: optional(text()) };

/** The parameter of each sub-type of button. Parameters of an unknown type pass. */
const parameters: Readonly<Record<string, Rule>> = {
  quick_reply: byType("type", { payload: object({ payload: text() }) }),
  url: byType("type", { text: url }),
  copy_code: byType("type", { coupon_code: coupon }),
  flow: byType("type", { action: flow }),
  catalog: byType("type", { action: object({ action: object(thumbnail) }) }),
  mpm: byType("type", { action: object({ action: object({ ...thumbnail, sections: optional(productSections) }) }) }),
  voice_call: byType("type", {}),
  order_details: object(),
};

/** @internal The coverage matrix lists them. */
export const supportedTemplateButtons: readonly string[] = Object.keys(parameters);

const subTypes = Object.entries(parameters).map(([subType, rule]): [string, Rule] => [
  subType,
  object({ parameters: optional(array(rule, 0, Infinity)) }),
]);

/** A button that calls has no parameter, and no component of a message is for it. */
const notPhoneNumber: Rule = (value, at) =>
  isRecord(value) && String(value["sub_type"]).toLowerCase() === "phone_number"
    ? badParameter(`Param ${at}['sub_type'] must be one of {${known}} - got "${String(value["sub_type"])}".`)
    : undefined;

const known = Object.keys(parameters)
  .map((subType) => subType.toUpperCase())
  .join(", ");

/** A button's index, its sub-type in any case, and its parameters. */
export const templateButton: Rule = allOf(
  object({ sub_type: nonEmptyText(), index: allOf(number(0, 9), buttonIndex) }),
  notPhoneNumber,
  byType("sub_type", Object.fromEntries(subTypes)),
);
