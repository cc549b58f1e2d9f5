import type { FormFields } from "./form-fields.ts";

/** A request to the control API, and what it is called on the page. */
export interface ActionCall {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/__emulator`. */
  readonly path: string;
  readonly body?: object;
  /** Said once it is done. Default: nothing, where the page shows it anyway. */
  readonly says?: string;
  /** Where the page goes then. */
  readonly go?: string;
}

/** Makes a request to the control API of a form. Throws a `FormProblem` where a field is wrong. */
export type Action = (form: FormFields) => ActionCall | Promise<ActionCall>;

/** A field is missing or wrong; the message says which, in words. */
export class FormProblem extends Error {
  override readonly name = "FormProblem";
}

/** A field that has to be there. */
export function needed(form: FormFields, name: string, label = name): string {
  const value = form.text(name);
  if (value === undefined) throw new FormProblem(`${label} is missing.`);
  return value;
}

/** The fields that have a value. */
export function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
