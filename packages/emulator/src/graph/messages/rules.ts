import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";

/** Checks the value of the parameter at the path `at`. Returns Meta's error, or undefined when the value is valid. */
export type Rule = (value: unknown, at: string) => GraphError | undefined;

export function missing(at: string): GraphError {
  return { code: 131008, details: `Parameter ${at} is mandatory.` };
}

/** A parameter without which Graph does not look further [wapikit/wapi.js#38, whatomate#487, frappe_whatsapp#54]. */
export function required(at: string): GraphError {
  return { code: 100, message: `The parameter ${at} is required.` };
}

/** The parameter has the wrong type or length. */
export function badParameter(message: string): GraphError {
  return { code: 100, message };
}

/** Refuses the absence of a value as `required` does, and checks it by the rule otherwise. */
export function orRequired(rule: Rule): Rule {
  return (value, at) => (value === undefined || value === null || value === "" ? required(at) : rule(value, at));
}

/** The parameter has the right type, but a value that WhatsApp does not accept. */
export function badValue(details: string): GraphError {
  return { code: 131009, details };
}

/** A string that is not empty. Lengths are in code points. */
export function nonEmptyText(max = Infinity): Rule {
  return (value, at) => {
    if (value === undefined || value === null || value === "") return missing(at);
    if (typeof value !== "string") return badParameter(`Param ${at} must be a string.`);
    return lengthOf(value) > max ? badParameter(`Param ${at} must be at most ${max} characters long.`) : undefined;
  };
}

/** A string that may be empty. */
export function text(max = Infinity): Rule {
  return (value, at) => (value === "" ? undefined : nonEmptyText(max)(value, at));
}

/** Like `nonEmptyText`, but when it is too long, Meta's error names what people see instead of the parameter. */
export function nonEmptyLabel(name: string, max: number): Rule {
  const check = nonEmptyText();
  return (value, at) => {
    const refusal = check(value, at);
    if (refusal || lengthOf(String(value)) <= max) return refusal;
    return badValue(`${name} length invalid. Min length: 1, Max length: ${max}`);
  };
}

/** A label that may be empty. */
export function label(name: string, max: number): Rule {
  return (value, at) => (value === "" ? undefined : nonEmptyLabel(name, max)(value, at));
}

export function pattern(expression: RegExp, what: string): Rule {
  return allOf(nonEmptyText(), (value, at) =>
    expression.test(String(value)) ? undefined : badValue(`Param ${at} is not ${what}.`),
  );
}

export const boolean: Rule = (value, at) => {
  if (value === undefined) return missing(at);
  return typeof value === "boolean" ? undefined : badParameter(`Param ${at} must be a boolean.`);
};

/** A number or a numeric string. */
export function number(min: number, max: number): Rule {
  return (value, at) => {
    if (value === undefined || (typeof value === "string" && value.trim() === "")) return missing(at);
    const amount = typeof value === "string" ? Number(value) : value;
    if (typeof amount !== "number" || Number.isNaN(amount)) return badParameter(`Param ${at} must be a number.`);
    return amount < min || amount > max ? badValue(`Param ${at} must be from ${min} to ${max}.`) : undefined;
  };
}

/** An integer or its digits. */
export function integer(min: number, max: number): Rule {
  return allOf(number(min, max), (value, at) =>
    typeof value === "string" ? digits(value, at) : wholeNumber(value, at),
  );
}

const digits = pattern(/^-?\d+$/, "a whole number");

function wholeNumber(value: unknown, at: string): GraphError | undefined {
  return Number.isInteger(value) ? undefined : badValue(`Param ${at} is not a whole number.`);
}

export function oneOf(values: readonly string[]): Rule {
  return (value, at) => {
    if (value === undefined) return missing(at);
    if (typeof value === "string" && values.includes(value)) return undefined;
    const listed = values.map((known) => known.toUpperCase()).join(", ");
    return badParameter(`Param ${at} must be one of {${listed}} - got ${JSON.stringify(value)}.`);
  };
}

/** An object whose field `key` names its type, in any case. An object of an unknown type passes. */
export function byType(key: string, known: Readonly<Record<string, Rule>>): Rule {
  return allOf(object({ [key]: nonEmptyText() }), (value, at) => {
    const type = String((value as Readonly<Record<string, unknown>>)[key]).toLowerCase();
    return Object.hasOwn(known, type) ? known[type]?.(value, at) : undefined;
  });
}

/** An object. Fields without a rule pass. */
export function object(rules: Readonly<Record<string, Rule>> = {}): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return missing(at);
    if (!isRecord(value) || Array.isArray(value)) return badParameter(`Param ${at} must be a JSON object.`);
    for (const [key, rule] of Object.entries(rules)) {
      const refusal = rule(value[key], at === "" ? key : `${at}['${key}']`);
      if (refusal) return refusal;
    }
    return undefined;
  };
}

export function array(rule: Rule, min: number, max: number): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return missing(at);
    if (!Array.isArray(value)) return badParameter(`Param ${at} must be an array.`);
    if (value.length < min || value.length > max) {
      return badValue(`${at} has an invalid number of elements. Min: ${min}, Max: ${max}`);
    }
    return first(value.map((item: unknown, index) => () => rule(item, `${at}[${index}]`)));
  };
}

export function optional(rule: Rule): Rule {
  return (value, at) => (value === undefined ? undefined : rule(value, at));
}

export function notAllowed(why: string): Rule {
  return (value, at) => (value === undefined ? undefined : badValue(`${at} is not supported: ${why}.`));
}

export function allOf(...rules: readonly Rule[]): Rule {
  return (value, at) => first(rules.map((rule) => () => rule(value, at)));
}

export function checkDistinct(what: string, values: readonly unknown[]): GraphError | undefined {
  return new Set(values).size === values.length ? undefined : badValue(`Duplicated ${what}.`);
}

/** The length in code points. */
export function lengthOf(value: string): number {
  return value.length < 20 ? value.length : Array.from(value).length;
}

function first(checks: readonly (() => GraphError | undefined)[]): GraphError | undefined {
  for (const check of checks) {
    const refusal = check();
    if (refusal) return refusal;
  }
  return undefined;
}
