import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";
import { exitOf, post, serve } from "../../support/serve-process.ts";

const document = await readFile(join(root, "docs/operate.md"), "utf8");
const [, code = ""] = /```js\n(\/\/ tracing\.mjs\n[^`]*)```/.exec(document) ?? [];

/** The file that docs/operate.md says to load in front of the server. */
async function documentedSetup(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), "message-sender-tracing-"));
  onTestFinished(() => rm(project, { recursive: true }));
  await symlink(join(root, "node_modules"), join(project, "node_modules"));
  const file = join(project, "tracing.mjs");
  await writeFile(file, code);
  return file;
}

/** A collector of OTLP over HTTP. */
async function startCollector() {
  const names: string[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    for (const [, name = ""] of body.matchAll(/"name":"([^"]*)"/g)) names.push(name);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { names, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it("the setup of docs/operate.md exports the spans of a server, also those of its last seconds", async () => {
  const [setup, collector] = await Promise.all([documentedSetup(), startCollector()]);
  const server = await serve(["--sandbox"], {
    NODE_OPTIONS: `--import ${setup}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  expect((await post(server.url)).statusCode).toBe(200);
  server.child.kill("SIGTERM");
  expect(await exitOf(server.child)).toBe(0);
  expect(collector.names).toEqual(
    expect.arrayContaining([
      "message-sender",
      "POST /api/v1/messages/send",
      "accept message",
      "POST /{version}/{phone_number_id}/messages",
      "POST /api/v1/conversations/{conversation_id}/messages",
    ]),
  );
});

it("docs/operate.md installs what that file imports", () => {
  const imported = [...code.matchAll(/^import .* from "(@opentelemetry\/[^"]+)";$/gm)].map(([, name = ""]) => name);
  const [, installed = ""] = /^npm install (@opentelemetry.*)$/m.exec(document) ?? [];
  expect(imported.length).toBeGreaterThan(3);
  expect(installed.split(" ").toSorted()).toEqual(imported.toSorted());
});
