import { expect, it } from "vitest";

import { createTestConsole } from "../../test/visit.ts";
import { senderAlone } from "../service/sender-alone.ts";
import type { SandboxView } from "../service/service-view.ts";
import { trials } from "./trials.ts";

const outlets = [{ tenantId: "acme", outletId: "main" }];

function openSandbox(tenants: "all" | readonly string[] = "all") {
  const faults: object[] = [];
  const sandbox: SandboxView = { url: "http://127.0.0.1:4500/", outlets, addFault: (fault) => void faults.push(fault) };
  const keys = { key: { id: "key_1", tenants } };
  const plain = createTestConsole(keys);
  const test = createTestConsole(keys, { service: { ...senderAlone(plain.sender), sandbox } });
  return { ...test, faults };
}

it.each(trials)(
  "the button “$label” sends its messages, with a fault for them alone",
  async ({ name, count, fault }) => {
    const { browser, sender, faults, lines } = openSandbox();
    const visitor = browser();
    await visitor.signIn("key");
    expect((await visitor.get("/console")).html).toContain(`value="${name}"`);
    const { status, headers } = await visitor.post("/console/sandbox", { trial: name });
    expect(status).toBe(303);
    const { messages } = (await sender.list({ limit: 100 }))._unsafeUnwrap();
    expect(messages).toHaveLength(count);
    const [{ id, request } = messages[0]!] = messages;
    const where = count > 1 ? "/console/messages?since=" : `/console/messages/${id}`;
    expect(headers.get("location")).toContain(where);
    expect(faults).toEqual(fault ? [{ ...fault, match: { messageIncludes: request.reference } }] : []);
    expect(JSON.stringify(request.content)).toContain(request.reference);
    expect(lines.at(-1)?.fields).toMatchObject({ caller: "key_1", action: `sandbox trial ${name}` });
  },
);

it("is there only in a sandbox, and only for who sees its tenants", async () => {
  const live = createTestConsole();
  const visitor = live.browser();
  expect((await visitor.get("/console")).html).not.toContain("/console/sandbox");
  await visitor.get("/console/pauses/new");
  expect((await visitor.post("/console/sandbox", { trial: "one" })).status).toBe(404);
  const stranger = openSandbox(["other"]).browser();
  await stranger.signIn("key");
  expect((await stranger.get("/console")).html).not.toContain("/console/sandbox");
});
