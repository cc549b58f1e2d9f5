import { z } from "zod";

import { wording } from "./error-map.ts";

/**
 * An object that says in `field`, in whatever case, of which kind it is. Each known kind is checked; Meta adds kinds faster
 * than we release, so any other passes as it is. `common` is what every kind has; it may say that `field` may be missing.
 */
export function knownOrOther(
  field: string,
  known: Readonly<Record<string, z.ZodType>>,
  common: z.core.$ZodLooseShape = {},
) {
  const kinds = new Map(Object.entries(known));
  return z.looseObject({ [field]: z.string(), ...common }).check((payload) => {
    const kind = kinds.get(String(payload.value[field]).toLowerCase());
    const issues = kind?.safeParse(payload.value, { error: wording }).error?.issues ?? [];
    for (const { path, message } of issues) payload.issues.push({ code: "custom", path, message, input: undefined });
  });
}
