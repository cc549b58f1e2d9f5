import type { GraphError } from "../graph-error.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What an object of Graph shows. */
interface Shown {
  /** As Graph names the type in its errors. */
  readonly type: string;
  readonly all: Fields;
  /** Which of them it shows if `fields` names none. */
  readonly defaults: readonly string[];
  /** Fields that exist and have no value here. */
  readonly empty?: readonly string[];
}

/** The fields that `fields` names, and always the id. A field of a field, in braces, is shown with all that it has. */
export function chooseFields(fields: unknown, { type, all, defaults, empty = [] }: Shown): Fields | GraphError {
  const names = typeof fields === "string" ? namesOf(fields) : defaults;
  const unknown = names.find((name) => !Object.hasOwn(all, name) && !empty.includes(name));
  if (unknown !== undefined) {
    return { code: 100, message: `Tried accessing nonexisting field (${unknown}) on node type (${type})` };
  }
  const chosen = [...new Set(["id", ...names])].filter((name) => all[name] !== undefined);
  return Object.fromEntries(chosen.map((name) => [name, all[name]]));
}

/** `id,events.limit(5){status},name` names `id`, `events` and `name`. */
function namesOf(fields: string): readonly string[] {
  let inner = fields;
  let outer = fields.replace(/\{[^{}]*\}/g, "");
  while (outer !== inner) {
    inner = outer;
    outer = inner.replace(/\{[^{}]*\}/g, "");
  }
  const names = outer.split(",").map((name) => name.replace(/[.(].*$/, "").trim());
  return names.filter((name) => name !== "");
}
