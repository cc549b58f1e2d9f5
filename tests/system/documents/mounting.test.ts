import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { createMessageSender, Secret } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { createHttpApp } from "@message-sender/http-adapter/inbound";
import { expect, it } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";

const document = await readFile(join(root, "docs/mounting.md"), "utf8");

/** Who may use what, as docs/mounting.md says. An ellipsis stands for any rest of a path. */
const documented = [
  ...document.matchAll(/^\| (a caller with the scope `\w+`|everybody|Meta[^|]*) \| (.*) \|$/gm),
].flatMap(([, who = "", routes = ""]) =>
  [...routes.matchAll(/`((?:GET|POST) [^`]+)`/g)].map(([, route = ""]) => ({
    who: /`(\w+)`/.exec(who)?.[1] ?? "open",
    route,
    isThis: (text: string) => (route.endsWith("…") ? text.startsWith(route.slice(0, -1)) : text === route),
  })),
);

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security: readonly { readonly apiKey: readonly string[] }[] }>>>
  >;
}

/** Who may use what of an app that has all parts. */
async function routesOf() {
  const app = createHttpApp({
    sender: createMessageSender(createTestPorts()),
    access: () => ({ refused: "unauthenticated" }),
    webhooks: { appSecrets: [], verifyToken: new Secret("verify-me") },
    metrics: { contentType: "text/plain", metrics: async () => "" },
  });
  const { paths } = (await (await app.request("/openapi.json")).json()) as Document;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security }]) => ({
      who: security[0]?.apiKey[0] ?? "open",
      route: `${method.toUpperCase()} ${path}`,
    })),
  );
}

it("docs/mounting.md lists each route of the app once, with who may use it, and no other", async () => {
  const routes = await routesOf();
  expect(documented.length).toBeGreaterThan(10);
  for (const { who, route } of routes) {
    const rows = documented.filter(({ isThis }) => isThis(route));
    expect(
      rows.map((row) => row.who),
      route,
    ).toEqual([who]);
  }
  expect(documented.filter(({ isThis }) => !routes.some(({ route }) => isThis(route)))).toEqual([]);
});
