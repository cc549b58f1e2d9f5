import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { expect, onTestFinished } from "vitest";

import { runInProcess } from "./command-in-process.ts";

interface Found {
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  readonly problem: string | null;
  readonly advice: string | null;
}

/** The outlet that the sandbox's WhatsApp knows. */
export const waba = { waba_access_token: "EAAcanaryOfTheOutlet", phone_number_id: "111", waba_id: "900" };
const quota = { limit: 10, period: "day" };
const seeds = {
  tenants: {
    t: {
      outlets: {
        o: waba,
        other: { waba_access_token: "EAAcanaryOfTheOther", phone_number_id: "222", waba_id: "901" },
      },
    },
  },
};

/** Runs `doctor --json` beside a sandbox, and gives what it found. Each finding has its advice, and no secret is shown. */
export async function doctor(environment: Record<string, string>, args: readonly string[] = []) {
  const sandbox = await startSandbox(seeds);
  const around = { GRAPH_API_URL: sandbox.graphUrl, DATABASE_URL: "memory:", PORT: "0" };
  const settings = { ...around, MESSAGE_SENDER_URL: "http://127.0.0.1:9", ...environment };
  const done = await runInProcess(["doctor", "--json", ...args], settings).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => error,
  );
  await sandbox.close();
  expect(done.stdout).not.toMatch(/canary/i);
  const { checks, store } = JSON.parse(done.stdout) as {
    checks: readonly Found[];
    store: Record<string, unknown> | null;
  };
  const found = checks.filter(({ problem }) => problem !== null);
  for (const { advice } of found) expect(advice).toMatch(/\w/);
  return { code: done.code, found, checks, store };
}

/** What was found, as `status problem → advice`: a test that uses it says what to do about the finding, too. */
export function findingsOf({ found }: { readonly found: readonly Found[] }): readonly string[] {
  return found.map(({ status, problem, advice }) => `${status}: ${problem} → ${advice}`);
}

export function problemsOf({ found }: { readonly found: readonly Found[] }): readonly (string | null)[] {
  return found.map(({ problem }) => problem);
}

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "message-sender-findings-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export function tenantsFile(outlets: object): Record<string, string> {
  const path = join(folder(), "tenants.json");
  writeFileSync(path, JSON.stringify({ tenants: { t: { quota, outlets } } }));
  chmodSync(path, 0o600);
  return { TENANTS_FILE: path };
}

export async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function answering(body: unknown, status = 200): RequestListener {
  return (_, response) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
