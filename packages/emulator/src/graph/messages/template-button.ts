import { productSections } from "./interactive.ts";
import { all, badValue, byKind, label, list, note, number, object, optional, type Rule, text } from "./rules.ts";
import { parameterText } from "./template-text.ts";

const place: Rule = (value, at) =>
  /^\d$/.test(String(value)) ? undefined : badValue(`Param ${at} is not the place of a button.`);

const url = object({ text: parameterText });
const coupon = object({ coupon_code: all(label("Coupon code", 20), parameterText) });
const flow = object({ action: object({ flow_token: optional(note()), flow_action_data: optional(object()) }) });
const thumbnail = { thumbnail_product_retailer_id: optional(note()) };

/** What a button of each sub-type is given; it may be given what is not known here. */
const parameters: Readonly<Record<string, Rule>> = {
  quick_reply: byKind("type", { payload: object({ payload: note() }) }),
  url: byKind("type", { text: url }),
  copy_code: byKind("type", { coupon_code: coupon }),
  flow: byKind("type", { action: flow }),
  catalog: byKind("type", { action: object({ action: object(thumbnail) }) }),
  mpm: byKind("type", { action: object({ action: object({ ...thumbnail, sections: optional(productSections) }) }) }),
  voice_call: byKind("type", {}),
  order_details: object(),
};

export const supportedTemplateButtons: readonly string[] = Object.keys(parameters);

const given = Object.entries(parameters).map(([subType, rule]): [string, Rule] => [
  subType,
  object({ parameters: optional(list(rule, 0, Infinity)) }),
]);

/** A button's place, its kind in any case, and what it is given. */
export const templateButton: Rule = all(
  object({ sub_type: text(), index: all(number(0, 9), place) }),
  byKind("sub_type", Object.fromEntries(given)),
);
