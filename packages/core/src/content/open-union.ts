import { z } from "zod";

import { errorMap } from "./error-map.ts";

/** An open union as JSON schema has to describe it, since a check is invisible there. */
interface OpenUnion {
  readonly field: string;
  readonly kinds: ReadonlyMap<string, z.ZodType>;
}

/** The open unions among all schemas. */
export const openUnions = new WeakMap<z.core.$ZodType, OpenUnion>();

/**
 * An object whose `field` names its kind, in any letter case. Known kinds are checked. Meta adds kinds faster than we release,
 * so any other kind passes unchecked. `common` holds the fields of every kind; it may make `field` itself optional.
 */
export function openUnion(
  field: string,
  known: Readonly<Record<string, z.ZodType>>,
  common: z.core.$ZodLooseShape = {},
) {
  const kinds = new Map(Object.entries(known));
  const union = z.looseObject({ [field]: z.string(), ...common }).check((payload) => {
    const kind = kinds.get(String(payload.value[field]).toLowerCase());
    const issues = kind?.safeParse(payload.value, { error: errorMap }).error?.issues ?? [];
    for (const { path, message } of issues) payload.issues.push({ code: "custom", path, message, input: undefined });
  });
  openUnions.set(union, { field, kinds });
  return union;
}
