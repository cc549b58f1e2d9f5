import type { ProcessReport } from "@message-sender/console";

import type { Peers } from "./peers.ts";

/** The reports of all processes of a server. Alone, a process asks nobody. */
export function collectReports(
  own: () => Promise<ProcessReport>,
  peers: Peers | undefined,
): () => Promise<readonly ProcessReport[]> {
  if (!peers) return async () => [await own()];
  peers.offer("report", async () => JSON.stringify(await own()));
  return async () => {
    const texts = await peers.collect("report");
    const reports = [...(texts?.values() ?? [])].flatMap((text) =>
      text === "" ? [] : [JSON.parse(text) as ProcessReport],
    );
    return reports.length > 0 ? reports : [await own()];
  };
}
