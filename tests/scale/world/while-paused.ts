import type { ServerProcess } from "../../crash/driver/server-process.ts";
import { pause } from "../../crash/driver/wait.ts";

/** Within which every server knows of a pause, and of its end. */
const knownAfterMs = 2000;

/** Does something while nothing of a tenant is sent. */
export async function whilePaused({ url }: ServerProcess, tenantId: string, act: () => Promise<void>): Promise<void> {
  const paused = await fetch(`${url}/api/v1/pauses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ tenant_id: tenantId, reason: "The campaign is not complete." }),
  });
  if (paused.status !== 201) throw new Error(`a pause was answered with ${paused.status}: ${await paused.text()}`);
  const { id } = (await paused.json()) as { readonly id: string };
  await pause(knownAfterMs);
  await act();
  const ended = await fetch(`${url}/api/v1/pauses/${encodeURIComponent(id)}`, { method: "DELETE" });
  if (!ended.ok) throw new Error(`the end of a pause was answered with ${ended.status}: ${await ended.text()}`);
}
