import { type Answer, json } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import type { Ask } from "./operation.ts";

type Params = Ask["params"];

/** Refuses a call without one of these parameters. */
export function lacks(params: Params, ...names: readonly string[]): GraphError | undefined {
  const missing = names.find((name) => params[name] === undefined || params[name] === "");
  return missing === undefined ? undefined : { code: 100, message: `The parameter ${missing} is required.` };
}

/** Refuses a parameter that is given and is none of these. */
export function isNoneOf(params: Params, name: string, values: readonly string[]): GraphError | undefined {
  const value = params[name];
  if (value === undefined || (typeof value === "string" && values.includes(value))) return undefined;
  const got = JSON.stringify(value);
  return { code: 100, message: `Param ${name} must be one of {${values.join(", ").toUpperCase()}} - got ${got}.` };
}

/** Refuses a parameter that is given and has another form. */
export function isNot(params: Params, name: string, form: RegExp, what: string): GraphError | undefined {
  const value = params[name];
  if (value === undefined || form.test(text(params, name))) return undefined;
  return { code: 100, message: `Param ${name} must be ${what}.` };
}

/** Refuses a call that does not say that it is for WhatsApp. */
export function isForWhatsApp(params: Params): GraphError | undefined {
  return lacks(params, "messaging_product") ?? isNoneOf(params, "messaging_product", ["whatsapp"]);
}

/** The parameter as a boolean: Graph takes `true`, `1` and their strings. */
export function flag(params: Params, name: string): boolean | undefined {
  const value = params[name];
  return value === undefined ? undefined : ["true", "1"].includes(text(params, name));
}

/** The parameter as a list: Graph takes an array and its JSON. */
export function list(params: Params, name: string): readonly unknown[] {
  const value = params[name];
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") return [];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return value.split(",");
  }
}

/** The parameter as text: Graph takes numbers and flags for it too. Empty: it is absent. */
export function text(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

export function ok(body: unknown): Answer {
  return json(200, body);
}

export const success: Answer = json(200, { success: true });
