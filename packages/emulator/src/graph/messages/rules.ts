import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";

/** What is wrong with the value that stands at `at`, in Meta's words for it. */
export type Rule = (value: unknown, at: string) => GraphError | undefined;

export function missing(at: string): GraphError {
  return { code: 131008, details: `Parameter ${at} is mandatory.` };
}

/** The parameter itself is of no use: its type, or its length. */
export function badParameter(message: string): GraphError {
  return { code: 100, message, details: message };
}

/** The parameter is of its type, and its value is none that WhatsApp takes. */
export function badValue(details: string): GraphError {
  return { code: 131009, details };
}

/** A text that is not empty; the length counts code points. */
export function text(max = Infinity): Rule {
  return (value, at) => {
    if (value === undefined || value === null || value === "") return missing(at);
    if (typeof value !== "string") return badParameter(`Param ${at} must be a string.`);
    return lengthOf(value) > max ? badParameter(`Param ${at} must be at most ${max} characters long.`) : undefined;
  };
}

/** A text that may be empty. */
export function note(max = Infinity): Rule {
  return (value, at) => (value === "" ? undefined : text(max)(value, at));
}

/** As `text`; where it is too long, Meta names what is shown and not the parameter. */
export function label(name: string, max: number): Rule {
  const check = text();
  return (value, at) => {
    const refusal = check(value, at);
    if (refusal || lengthOf(String(value)) <= max) return refusal;
    return badValue(`${name} length invalid. Min length: 1, Max length: ${max}`);
  };
}

/** A label that may be empty. */
export function noteLabel(name: string, max: number): Rule {
  return (value, at) => (value === "" ? undefined : label(name, max)(value, at));
}

export function pattern(expression: RegExp, what: string): Rule {
  return all(text(), (value, at) =>
    expression.test(String(value)) ? undefined : badValue(`Param ${at} is not ${what}.`),
  );
}

export const flag: Rule = (value, at) => {
  if (value === undefined) return missing(at);
  return typeof value === "boolean" ? undefined : badParameter(`Param ${at} must be a boolean.`);
};

/** A number, or its digits. */
export function number(min: number, max: number): Rule {
  return (value, at) => {
    if (value === undefined || (typeof value === "string" && value.trim() === "")) return missing(at);
    const amount = typeof value === "string" ? Number(value) : value;
    if (typeof amount !== "number" || Number.isNaN(amount)) return badParameter(`Param ${at} must be a number.`);
    return amount < min || amount > max ? badValue(`Param ${at} must be from ${min} to ${max}.`) : undefined;
  };
}

/** A whole number, or its digits. */
export function whole(min: number, max: number): Rule {
  return all(number(min, max), (value, at) => (typeof value === "string" ? digits(value, at) : integer(value, at)));
}

const digits = pattern(/^-?\d+$/, "a whole number");

function integer(value: unknown, at: string): GraphError | undefined {
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

/** An object that says in `key`, in any case, what kind it is. What WhatsApp is given of a kind that is not known here passes. */
export function byKind(key: string, known: Readonly<Record<string, Rule>>): Rule {
  return all(object({ [key]: text() }), (value, at) => {
    const kind = String((value as Readonly<Record<string, unknown>>)[key]).toLowerCase();
    return Object.hasOwn(known, kind) ? known[kind]?.(value, at) : undefined;
  });
}

/** An object; keys that no rule is for pass. */
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

export function list(rule: Rule, min: number, max: number): Rule {
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

export function absent(why: string): Rule {
  return (value, at) => (value === undefined ? undefined : badValue(`${at} is not supported: ${why}.`));
}

export function all(...rules: readonly Rule[]): Rule {
  return (value, at) => first(rules.map((rule) => () => rule(value, at)));
}

export function distinct(what: string, values: readonly unknown[]): GraphError | undefined {
  return new Set(values).size === values.length ? undefined : badValue(`Duplicated ${what}.`);
}

/** In code points. */
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
