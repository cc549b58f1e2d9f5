import { createCall } from "./call.ts";
import { createTestClient } from "./create-test-client.ts";
import type { SandboxClient } from "./sandbox-client.ts";

/**
 * Connects to a sandbox that runs elsewhere, by the URL of any of its services. Rejects when there is none.
 *
 * @example
 * ```ts
 * import { connectSandbox, startSandbox } from "@message-sender/emulator";
 *
 * const url = process.env["SANDBOX_URL"];
 * const sandbox = await (url === undefined ? startSandbox() : connectSandbox(url));
 * const { message } = await sandbox.customer("+628123456789").says("Hi");
 * console.log(message?.text); // Hi
 * await sandbox.close();
 * ```
 */
export async function connectSandbox(url: string): Promise<SandboxClient> {
  const call = createCall((request) => fetch(request), url.replace(/\/+$/, ""));
  const { services } = (await call("GET", "")) as { services: Readonly<Record<string, string>> };
  const change = async (method: string, path: string, body?: object) => void (await call(method, path, body));
  const setWebhooks = (settings: object) => change("PUT", "/webhooks", settings);

  return {
    ...createTestClient(call),
    graphUrl: services["graph"] ?? url,
    tenantUrl: services["tenant"] ?? url,
    conversationUrl: services["conversation"] ?? url,
    faults: {
      async add(fault) {
        const { id } = (await call("POST", "/faults", fault)) as { id: string };
        return { id, remove: () => change("DELETE", `/faults/${id}`) };
      },
      clear: () => change("DELETE", "/faults"),
    },
    clock: {
      now: async () => ((await call("GET", "/clock")) as { now: number }).now,
      advance: (advanceMs) => change("POST", "/clock", { advanceMs }),
    },
    webhooks: {
      target: (target, scope) => setWebhooks({ ...target, ...scope }),
      subscribe: (target, scope) => setWebhooks({ ...target, ...scope }),
      configure: setWebhooks,
      withhold: () => setWebhooks({ withhold: true }),
      release: () => setWebhooks({ withhold: false }),
      duplicate: (duplicate) => setWebhooks({ duplicate }),
      reorder: (reorder) => setWebhooks({ reorder }),
      inbound: async (message) => ((await call("POST", "/webhooks/inbound", message)) as { id: string }).id,
      preference: (preference) => change("POST", "/webhooks/preferences", preference),
      errors: (errors) => change("POST", "/webhooks/errors", errors),
      raw: (raw) => change("POST", "/webhooks/raw", raw),
    },
    graph: {
      setLimits: (limits) => change("PUT", "/limits", limits),
      setTemplates: (templates) => change("PUT", "/templates", templates),
      reviewTemplate: (id, status, reason) =>
        change("POST", `/templates/${id}/review`, { status, ...(reason !== undefined && { reason }) }),
    },
    reset: () => change("POST", "/reset"),
    close: () => Promise.resolve(),
  };
}
