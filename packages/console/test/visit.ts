import { randomBytes } from "node:crypto";

import { createMessageSender } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import type { AccessDecision } from "@message-sender/http-adapter/inbound";

import { type ConsoleOptions, createConsole } from "../src/index.ts";

/** What a browser got. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** A key of tests. It is gone once `revoke` has it. */
interface TestKey {
  readonly id: string;
  readonly tenants: "all" | readonly string[];
  readonly scopes?: readonly ("console" | "read")[];
}

/** The console over in-memory ports, with keys by their text. Without keys it is open. */
export function createTestConsole(keys?: Readonly<Record<string, TestKey>>, options: Partial<ConsoleOptions> = {}) {
  const ports = createTestPorts();
  const sender = createMessageSender(ports, { retry: { jitter: 0 } });
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  const live = new Map(Object.entries(keys ?? {}));
  const secrets = new Map([...live.values()].map(({ id }) => [id, randomBytes(32)]));

  function access({ headers }: Request): AccessDecision {
    const key = live.get(headers.get("authorization")?.replace("Bearer ", "") ?? "");
    if (!key) return { refused: "unauthenticated", detail: "The API key is not valid: it may have been revoked." };
    return { tenants: key.tenants, scopes: key.scopes ?? ["console"], caller: key.id };
  }

  const app = createConsole({
    sender,
    access: keys ? access : "open",
    sessionSecret: (caller) => (isLive(caller) ? secrets.get(caller) : undefined),
    clock: ports.clock,
    logger: { info: log("info"), warn: log("warn"), error: log("error") },
    ...options,
  });
  const isLive = (id: string) => [...live.values()].some((key) => key.id === id);

  /** Another browser, with cookies of its own. */
  function browser(address = "192.0.2.1") {
    const cookies = new Map<string, string>();
    let token = "";

    async function request(path: string, init: RequestInit = {}): Promise<Shown> {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const headers = { accept: "text/html", ...(cookie && { cookie }), ...(init.headers as Record<string, string>) };
      const consoleRequest = { clientAddress: address };
      const url = new URL(path, "http://localhost");
      const answer = await app.fetch(new Request(url, { ...init, headers, redirect: "manual" }), { consoleRequest });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === "") cookies.delete(name);
        else cookies.set(name, value);
      }
      const html = await answer.text();
      token = /name="token" value="([^"]+)"/.exec(html)?.[1] ?? token;
      return { status: answer.status, headers: answer.headers, html };
    }

    return {
      cookies,
      get: (path: string) => request(path),
      /** Sends a form as the page that was shown last would. */
      post: (path: string, fields: Readonly<Record<string, string>> = {}, headers: Record<string, string> = {}) =>
        request(path, {
          method: "POST",
          body: new URLSearchParams({ token, ...fields }),
          headers: { "sec-fetch-site": "same-origin", ...headers },
        }),
      async signIn(key: string) {
        await request("/console/sign-in");
        return this.post("/console/sign-in", { key });
      },
    };
  }

  return { app, ports, sender, lines, browser, revoke: (key: string) => live.delete(key), change: live.set.bind(live) };
}
