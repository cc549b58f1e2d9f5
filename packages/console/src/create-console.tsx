import type { MessageSender } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import type { Access, Logger } from "@message-sender/http-adapter/inbound";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { randomBytes } from "node:crypto";

import type { ConsoleContext } from "./console-context.ts";
import { ProblemPage } from "./frame/problem-page.tsx";
import { securityHeaders } from "./frame/security-headers.ts";
import { formsOf } from "./sign-in/forms.ts";
import { guard } from "./sign-in/guard.tsx";
import type { SessionSecret } from "./sign-in/sealed-session.ts";
import { createSessions } from "./sign-in/sessions.ts";
import { mountSignIn } from "./sign-in/sign-in-routes.tsx";

/** The console as a Hono app. */
export type Console = Hono<ConsoleContext>;

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
}

/**
 * The console as a Hono app, whose paths begin with `/console`. It neither checks the Host nor logs requests: the app around it does.
 *
 * @example
 * ```ts
 * const console = createConsole({ sender, access });
 * app.all("/console", (c) => console.fetch(c.req.raw));
 * app.all("/console/*", (c) => console.fetch(c.req.raw));
 * ```
 */
export function createConsole(options: ConsoleOptions): Console {
  const { sender: _, access, clock = createSystemClock(), logger = silent } = options;
  const app = new Hono<ConsoleContext>().basePath("/console");
  const sessions =
    access === "open" ? undefined : createSessions({ access, clock, secretOf: options.sessionSecret ?? ownSecret() });

  app.use(securityHeaders, async (c, next) => {
    c.set("logger", logger);
    await next();
  });
  app.use(
    ...formsOf((c) =>
      c.html(
        <ProblemPage title="This page is out of date" detail="Go back, reload the page, and repeat what you did." />,
        403,
      ),
    ),
  );
  mountSignIn(app, sessions, clock);
  app.use(guard(sessions));

  app.notFound((c) => c.html(<ProblemPage title="Not found" detail="There is nothing here that you may see." />, 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException) {
      const detail = error.status === 413 ? "The form is too large." : "Another site sent this request.";
      return c.html(<ProblemPage title="Refused" detail={detail} />, error.status);
    }
    logger.error({ request_id: c.env?.consoleRequest?.requestId, stack: error.stack }, "unexpected error");
    return c.html(<ProblemPage title="Something went wrong" detail="The server's log says more." />, 500);
  });
  return app;
}

const silent: Logger = { info() {}, warn() {}, error() {} };

function ownSecret(): SessionSecret {
  const secret = randomBytes(32);
  return () => secret;
}
