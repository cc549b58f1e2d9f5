import { all, badValue, label, list, number, object, oneOf, optional, type Rule, text } from "./rules.ts";

const place: Rule = (value, at) =>
  /^\d$/.test(String(value)) ? undefined : badValue(`Param ${at} is not the place of a button.`);
const action = object({ type: oneOf(["action"]), action: optional(object()) });

/** What a button of each sub-type is given. */
const parameters: Readonly<Record<string, Rule>> = {
  quick_reply: object({ type: oneOf(["payload", "text"]) }),
  url: object({ type: oneOf(["text"]), text: text() }),
  copy_code: object({ type: oneOf(["coupon_code"]), coupon_code: label("Coupon code", 20) }),
  flow: action,
  catalog: action,
  mpm: action,
  voice_call: object({ type: oneOf(["ttl_minutes", "payload"]) }),
  order_details: object(),
};

export const supportedTemplateButtons: readonly string[] = Object.keys(parameters);

/** A button's place, its kind in any case, and what it is given. */
export const templateButton: Rule = all(object({ sub_type: text(), index: all(number(0, 9), place) }), (value, at) => {
  const subType = String((value as Readonly<Record<string, unknown>>)["sub_type"]).toLowerCase();
  const rule = Object.hasOwn(parameters, subType) ? parameters[subType] : undefined;
  if (!rule) return oneOf(supportedTemplateButtons)(subType, `${at}['sub_type']`);
  return object({ parameters: optional(list(rule, 1, 2)) })(value, at);
});
