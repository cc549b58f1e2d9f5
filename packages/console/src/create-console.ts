import type { MessageSender } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import type { Access, Logger } from "@message-sender/http-adapter/inbound";
import type { Assets } from "@message-sender/pages";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { randomBytes } from "node:crypto";

import { mountBulk } from "./bulk/bulk-routes.tsx";
import type { ConsoleApp, ConsoleContext } from "./console-context.ts";
import type { ConsoleParts } from "./console-parts.ts";
import { readConsoleAssets } from "./frame/console-assets.ts";
import { notFound, type PageProblem, showProblem } from "./frame/problem-page.tsx";
import { securityHeaders } from "./frame/security-headers.ts";
import { mountJourney } from "./journey/journey-routes.tsx";
import { createLiveSource } from "./live/live-source.ts";
import { mountMessages } from "./messages/messages-routes.tsx";
import { mountOverview } from "./overview/overview-routes.tsx";
import { mountSandbox } from "./sandbox/sandbox-routes.ts";
import { senderAlone } from "./service/sender-alone.ts";
import { createServiceFacts } from "./service/service-facts.ts";
import type { ServiceView } from "./service/service-view.ts";
import { formsOf } from "./sign-in/forms.ts";
import { guard } from "./sign-in/guard.ts";
import type { SessionSecret } from "./sign-in/sealed-session.ts";
import { createSessions } from "./sign-in/sessions.ts";
import { mountHistory } from "./tenants/history-routes.tsx";
import { mountPauses } from "./tenants/pause-routes.tsx";
import { mountTenants } from "./tenants/tenants-routes.tsx";
import { mountSignIn } from "./sign-in/sign-in-routes.tsx";

/** The console as a Hono app. */
export type Console = ConsoleApp;

/** The options of `createConsole`. */
export interface ConsoleOptions {
  readonly sender: MessageSender;
  /**
   * Decides who may sign in, and which tenants they see: it is asked with the header `Authorization: Bearer <key>`, for the scope
   * `console`, at the sign-in and at each request after it. `"open"` lets everybody in who can reach the console.
   */
  readonly access: Access;
  /**
   * With what the session of a caller is sealed, by the caller's id: 32 bytes, the same in every process that serves the console.
   * Undefined for a caller whose key is gone. Default: random bytes, so that sessions end with the process.
   */
  readonly sessionSecret?: SessionSecret;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Gets a line for each sign-in and each change, with the id of the key that made it. Default: nothing is logged. */
  readonly logger?: Logger;
  /** What the service around the sender says of itself. Default: the pages show what the sender knows. */
  readonly service?: ServiceView;
}

/**
 * The console as a Hono app, whose paths begin with `/console`. It neither checks the Host nor logs requests: the app around it does.
 *
 * @example
 * ```ts
 * import { createConsole } from "@message-sender/console";
 *
 * const console = createConsole({ sender, access });
 * app.all("/console", (c) => console.fetch(c.req.raw));
 * app.all("/console/*", (c) => console.fetch(c.req.raw));
 * ```
 */
export function createConsole(options: ConsoleOptions): Console {
  const { sender, access, clock = createSystemClock(), logger = silent } = options;
  const app: ConsoleApp = new Hono<ConsoleContext>().basePath("/console");
  const sessions =
    access === "open" ? undefined : createSessions({ access, clock, secretOf: options.sessionSecret ?? ownSecret() });
  let assets: Promise<Assets> | undefined;

  app.use(async (c, next) => {
    const files = await (assets ??= readConsoleAssets());
    const file = files.answer(c.req.path);
    if (file) return file;
    c.set("assets", files);
    c.set("logger", logger);
    return next();
  });
  app.use(securityHeaders);
  app.use(...formsOf((c) => showProblem(c, outOfDate)));
  mountSignIn(app, sessions, clock);
  app.use(guard(sessions));
  const service = options.service ?? senderAlone(sender);
  const live = createLiveSource(service.closing);
  const facts = createServiceFacts(sender, service);
  for (const mount of mounts) mount(app, { sender, clock, logger, live, facts });

  app.notFound((c) => showProblem(c, notFound));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return showProblem(c, error.status === 413 ? tooLarge : foreign);
    logger.error({ request_id: c.env?.consoleRequest?.requestId, stack: error.stack }, "unexpected error");
    return showProblem(c, unexpected);
  });
  return app;
}

/** Each adds its pages. */
const mounts: readonly ((app: ConsoleApp, parts: ConsoleParts) => void)[] = [
  mountOverview,
  mountSandbox,
  mountTenants,
  mountPauses,
  mountHistory,
  mountMessages,
  mountBulk,
  mountJourney,
];

const outOfDate: PageProblem = {
  status: 403,
  title: "This page is out of date",
  detail: "Go back, reload the page, and repeat what you did.",
};
const tooLarge: PageProblem = { status: 413, title: "Refused", detail: "The form is too large." };
const foreign: PageProblem = { status: 403, title: "Refused", detail: "No page of this console sent that request." };
const unexpected: PageProblem = { status: 500, title: "Something went wrong", detail: "The server's log says more." };

const silent: Logger = { info() {}, warn() {}, error() {} };

function ownSecret(): SessionSecret {
  const secret = randomBytes(32);
  return () => secret;
}
