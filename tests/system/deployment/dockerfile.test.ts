import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it, onTestFinished } from "vitest";

import { parseDockerfile, textsOf } from "../../../tools/image/dockerfile.ts";
import { root } from "../../../tools/readmes/examples.ts";

const stages = parseDockerfile(await readFile(join(root, "Dockerfile"), "utf8"));
const [last] = stages.slice(-1);
if (!last) throw new Error("The Dockerfile has no stage.");
const execute = promisify(execFile);

/** The program and its arguments of an instruction in exec form. */
const exec = (text = ""): string[] => JSON.parse(text.slice(text.indexOf("["))) as string[];

describe("the image", () => {
  it("comes from a base of a fixed major version, the one that the packages need", async () => {
    for (const { base } of stages) expect(base).toMatch(/^node:24-[a-z]+-slim$/);
    const { engines } = JSON.parse(await readFile(join(root, "packages/cli/package.json"), "utf8")) as {
      engines: { node: string };
    };
    expect(engines.node).toBe(">=24");
  });

  it("installs and builds nothing in its last stage, which has no package manager", () => {
    expect(stages.length).toBeGreaterThan(1);
    const runs = textsOf(last, "RUN").join("\n");
    expect(runs).not.toMatch(/\b(?:npm|npx|yarn|apt-get|apk|tsc)\s+(?:ci|install|i|run|update|-)/);
    for (const name of ["/usr/local/lib/node_modules", "/usr/local/bin/npm", "/usr/local/bin/corepack"]) {
      expect(runs).toContain(name);
    }
    for (const copied of textsOf(last, "COPY")) expect(copied).toMatch(/^--from=build /);
    expect(last.instructions.map(({ name }) => name)).not.toContain("ADD");
  });

  it("does not run as root, nor through a shell, and is ended by SIGTERM", () => {
    const names = last.instructions.map(({ name }) => name);
    expect(textsOf(last, "USER")).toEqual(["node"]);
    expect(names.slice(names.indexOf("USER"))).not.toContain("RUN");
    expect(textsOf(last, "STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(textsOf(last, "ENTRYPOINT").map(exec)).toEqual([["message-sender"]]);
    expect(textsOf(last, "CMD").map(exec)).toEqual([["serve"]]);
  });

  it("writes only to its volume, which is its working folder", () => {
    expect(textsOf(last, "VOLUME")).toEqual(["/data"]);
    expect(textsOf(last, "WORKDIR")).toEqual(["/data"]);
    expect(textsOf(last, "RUN").join("\n")).toContain("install -d -o node -g node -m 0700 /data");
  });

  it("has no secret among its variables", () => {
    const variables = stages.flatMap((stage) => [...textsOf(stage, "ENV"), ...textsOf(stage, "ARG")]).join(" ");
    expect(variables).not.toMatch(/SECRET|TOKEN|PASSWORD|_KEY\b|DATABASE_URL/);
  });

  it.each([
    [200, 0],
    [503, 1],
  ])("has a health check that takes the status %i of /healthz for exit code %i", async (status, code) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const [, ...args] = exec(textsOf(last, "HEALTHCHECK")[0]);
    const ended = execute(process.execPath, args, { env: { PORT: String(port) } });
    expect(
      await ended.then(
        () => 0,
        (error: { code: number }) => error.code,
      ),
    ).toBe(code);
    expect(asked).toEqual(["/healthz"]);
  });
});

it("the build context has no secrets, stores or installed packages", async () => {
  const ignored = (await readFile(join(root, ".dockerignore"), "utf8")).split("\n");
  for (const name of [".git", "**/node_modules", "**/dist", "**/.env", "**/*.db", "**/api-keys.json"]) {
    expect(ignored).toContain(name);
  }
});
