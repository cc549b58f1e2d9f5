import type { Failpoints } from "../failpoints.ts";

/** Loads the failpoints of the crash tests, if `FAILPOINTS` is set. */
export async function loadFailpoints(points: string | undefined): Promise<Failpoints | undefined> {
  if (points === undefined) return undefined;
  const found = await import("../failpoints.ts").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new Error("FAILPOINTS: not part of a published build", { cause });
  });
  return found.createFailpoints(points);
}
