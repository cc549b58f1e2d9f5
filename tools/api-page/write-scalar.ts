/** Writes the script of the API page, which Scalar's plugin for Fastify serves as one file, into the HTTP adapter. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import scalar from "@scalar/fastify-api-reference";

const destination = new URL("../../packages/http-adapter/assets/scalar.js.gz", import.meta.url);

interface Route {
  readonly url: string;
  handler(request: undefined, reply: object): string;
}

/** What the plugin asks of Fastify when it has a URL of a document. */
function routesOfPlugin(): readonly Route[] {
  const routes: Route[] = [];
  const fastify = { route: (route: Route) => void routes.push(route) };
  const options = { routePrefix: "/docs", configuration: { url: "/openapi.json" } };
  (scalar as unknown as (...given: readonly unknown[]) => void)(fastify, options, () => {});
  return routes;
}

const script = routesOfPlugin().find(({ url }) => url.endsWith(".js"));
if (!script) throw new Error("Scalar's plugin serves no script any more.");
const reply = { header: () => reply, send: (text: string) => text };
const code = script.handler(undefined, reply).replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
const license = await readFile(new URL("../LICENSE", import.meta.resolve("@scalar/fastify-api-reference")), "utf8");
await mkdir(new URL(".", destination), { recursive: true });
await writeFile(destination, gzipSync(`/*! https://github.com/scalar/scalar\n${license}*/\n${code}`, { level: 9 }));
