import { createRequire } from "node:module";

import type { Hono } from "hono";

import type { Env } from "./answer.ts";

/**
 * A request handler of msw. It has no type of msw's, so that it fits the `setupServer` of each version, and that msw need not
 * be there.
 */
export type MswHandler = never;

type Resolve = (info: { readonly request: Request }) => Response | Promise<Response>;

/** Makes handlers with the msw that is installed, version 2 or 3. Throws when there is none. */
export function createMswHandlers() {
  const { http, passthrough } = loadMsw();
  const below = (baseUrl: string) => `${baseUrl.replace(/\/$/, "")}/*`;

  return {
    /** Lets msw answer global `fetch` calls to `baseUrl` with the app, without a socket. */
    answering: (baseUrl: string, app: Hono<Env>): MswHandler =>
      http.all(below(baseUrl), ({ request }) => app.fetch(request)),
    /** Lets msw pass on calls to `baseUrl`, also when unhandled requests are errors. */
    passing: (baseUrl: string): MswHandler => http.all(below(baseUrl), () => passthrough()),
  };
}

/** What the two versions of msw have in common. */
interface Msw {
  readonly http: { all(path: string, resolve: Resolve): MswHandler };
  passthrough(): Response;
}

function loadMsw(): Msw {
  try {
    return createRequire(import.meta.url)("msw") as Msw;
  } catch (cause) {
    throw new Error("sandbox.handlers needs msw, version 2 or 3: npm install --save-dev msw", { cause });
  }
}
