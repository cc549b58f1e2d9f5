import { createMessageSender, Secret } from "@message-sender/core";
import { createRecordingStatusCallbacks, createTestPorts } from "@message-sender/core/in-memory";
import { okAsync } from "neverthrow";

import { createHttpApp, type HttpAppOptions } from "../src/inbound/index.ts";
import { type AnswerCheck, createAnswerCheck } from "../../../tests/support/openapi/answer-check.ts";
import type { OpenApiDocument } from "../../../tests/support/openapi/document.ts";

export const order = {
  tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01",
  outlet_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a02",
  conversation_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a03",
  to: "+628123456789",
  message: "Hello! Your order is ready.",
  message_type: "text",
};

export type RequestBody = string | Uint8Array<ArrayBuffer> | ReadableStream;

/** The second one is being rotated in. */
export const appSecrets = ["app-secret-1", "app-secret-2"];

type TestOptions = Partial<HttpAppOptions>;

/** The HTTP app over in-memory ports, called without a socket. */
export function createTestApp(options: TestOptions = {}) {
  const ports = createTestPorts();
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  const webhookForwarding = { forward: () => okAsync(undefined) };
  const statusCallbacks = createRecordingStatusCallbacks();
  const sender = createMessageSender({ ...ports, statusCallbacks, webhookForwarding }, { retry: { jitter: 0 } });
  const app = createHttpApp({
    sender,
    clock: ports.clock,
    access: "open",
    webhooks: { appSecrets: appSecrets.map((secret) => new Secret(secret)), verifyToken: new Secret("verify-me") },
    logger: { info: log("info"), warn: log("warn"), error: log("error") },
    ...options,
  });

  checkAnswers(app);

  async function post(body: RequestBody, headers: Record<string, string> = {}, path = "/api/v1/messages/send") {
    const init = {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
      duplex: "half" as const,
    };
    const answer = await app.request(path, init);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) as Record<string, unknown> };
  }
  return { app, sender, ports, statusCallbacks, lines, post, send: (body: object) => post(JSON.stringify(body)) };
}

let check: AnswerCheck | undefined;

/** Every answer of `app.request` has to be what the app's own document says. */
function checkAnswers(app: ReturnType<typeof createHttpApp>): void {
  const { request } = app;
  async function checked(...given: Parameters<typeof request>): Promise<Response> {
    const [input, init] = given;
    const answer = await request(...given);
    const asked =
      input instanceof Request
        ? input
        : new Request(new URL(input, "http://localhost"), { method: init?.method ?? "GET" });
    check ??= createAnswerCheck((await (await request("/openapi.json")).json()) as OpenApiDocument);
    const faults = check({
      method: asked.method,
      path: new URL(asked.url).pathname,
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.clone().text(),
    });
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return answer;
  }
  Object.assign(app, { request: checked });
}
