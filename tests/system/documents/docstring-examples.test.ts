import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, inject, it, onTestFinished } from "vitest";

import { docstringExamples, documentBlocks } from "../../../tools/readmes/docstring-examples.ts";
import { root } from "../../../tools/readmes/examples.ts";
import { typescriptConfig } from "./typescript-of-users.ts";

const run = promisify(execFile);

/** The entries whose names an example may use without importing them, as an editor would. */
const entries = [
  "@message-sender/core",
  "@message-sender/core/contracts",
  "@message-sender/core/in-memory",
  "@message-sender/core/node",
  "@message-sender/emulator",
  "@message-sender/http-adapter/inbound",
  "@message-sender/http-adapter/outbound",
  "@message-sender/server",
];

/** What an example takes from the program around it. */
const surroundings = `
import type * as core from "@message-sender/core";
import type * as adapter from "@message-sender/core/adapter";
import type * as contracts from "@message-sender/core/contracts";
import type * as inbound from "@message-sender/http-adapter/inbound";
import type * as server from "@message-sender/server";
declare global {
  const ports: core.MessageSenderPorts, sender: core.MessageSender, message: core.Message;
  const command: core.SendMessageCommand, messageId: core.MessageId, token: string;
  const clock: adapter.Clock, store: adapter.Store & { readonly quotaCounters: adapter.QuotaCounters };
  const createMyStoreSubject: () => contracts.StoreSubject, createMyTransportSubject: () => contracts.TransportSubject;
  const service: server.Service;
  const access: inbound.AccessCheck, app: ReturnType<typeof inbound.createHttpApp>;
  const apiKey: string, appSecret: string, verifyToken: string, serviceToken: string, secret: string;
}
`;

/** Of Meta's archived SDK, version 0.0.5-Alpha, what the guide to its migration shows. */
const metasSdk = `
declare module "whatsapp" {
  export default class WhatsApp {
    constructor(senderNumberId?: number);
    messages: {
      text(body: { body: string; preview_url?: boolean }, recipient: number, replyMessageId?: string): Promise<{
        statusCode(): number;
        responseBodyToJSON(): Promise<{ messages: [{ id: string }] }>;
      }>;
    };
    webhooks: {
      start(
        callback: (status: number, headers: object, body?: object, answer?: { end(): void }, error?: Error) => unknown,
      ): boolean;
    };
  }
}
`;

it("every @example of a docstring, and every block of a document, compiles under strict TypeScript", async () => {
  expect(inject("buildErrors")).toBe("");
  const project = await mkdtemp(join(tmpdir(), "docstring-examples-"));
  onTestFinished(() => rm(project, { recursive: true }));
  const names = await exportedNames();
  await symlink(join(root, "node_modules"), join(project, "node_modules"));
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module" }));
  const compilerOptions = { ...typescriptConfig.compilerOptions, noUnusedLocals: false };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ ...typescriptConfig, compilerOptions }));
  await writeFile(join(project, "surroundings.ts"), surroundings);
  await writeFile(join(project, "whatsapp.d.ts"), metasSdk);
  const examples = await docstringExamples();
  const blocks = await documentBlocks();
  expect(examples.length).toBeGreaterThan(15);
  expect(blocks.length).toBeGreaterThan(1);
  for (const [index, { file, text }] of [...examples, ...blocks].entries()) {
    const module = [`// ${file}`, ...importsFor(text, names), text, "export {};", ""].join("\n");
    await writeFile(join(project, `${index}-${file.replaceAll("/", "-")}`), module);
  }
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = await run(process.execPath, [compiler, "-p", "."], { cwd: project }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe("");
});

type Names = readonly (readonly [entry: string, exported: readonly string[]])[];

/** In a process of its own, which loads the sources faster than the test runner does. */
async function exportedNames(): Promise<Names> {
  const script = `const names = (entry) => import(entry).then((exported) => [entry, Object.keys(exported)]);
console.log(JSON.stringify(await Promise.all(${JSON.stringify(entries)}.map(names))));`;
  const options = ["--conditions=@message-sender/source", "--input-type=module", "--eval", script];
  const { stdout } = await run(process.execPath, options, { cwd: import.meta.dirname });
  return JSON.parse(stdout) as Names;
}

function importsFor(text: string, names: Names): readonly string[] {
  if (/^import /m.test(text)) return [];
  const imports = names.flatMap(([entry, exported]) => {
    const used = exported.filter((name) => new RegExp(`(?<![.\\w])${name}\\(`).test(text));
    return used.length > 0 ? [`import { ${used.join(", ")} } from "${entry}";`] : [];
  });
  const types = text.includes("AccessCheck")
    ? ['import type { AccessCheck } from "@message-sender/http-adapter/inbound";']
    : [];
  return [...imports, ...types, ...(text.includes("express()") ? ['import express from "express";'] : [])];
}
