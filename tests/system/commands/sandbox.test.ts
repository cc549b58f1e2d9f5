import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";

import { expect, it, onTestFinished } from "vitest";

import { runCommand } from "../../support/serve-process.ts";

it("the sandbox says which of its three ports is taken, and by which option they are chosen", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const ended = await runCommand(["sandbox", "--port", String(port)]).catch((error: unknown) => error);
  const stderr = `--port: ${port} is in use by another process, and three ports from ${port} on are needed\n`;
  expect(ended).toMatchObject({ code: 1, stderr });
});
