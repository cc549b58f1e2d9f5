import type { Clock } from "@message-sender/core/adapter";
import type { AccessRefusal } from "@message-sender/http-adapter/inbound";
import type { Context } from "hono";

import type { ConsoleApp, ConsoleContext } from "../console-context.ts";
import { showPage } from "../frame/show-page.tsx";
import { cookieOf, removeCookie, writeCookie } from "./cookies.ts";
import { createFailedAttempts } from "./failed-attempts.ts";
import { returnPathOf } from "./return-path.ts";
import type { Sessions } from "./sessions.ts";
import { visitFields } from "./visit-fields.ts";
import { SignInPage } from "./sign-in-page.tsx";

/** The pages that need no session. Without `sessions` nobody has to sign in. */
export function mountSignIn(app: ConsoleApp, sessions: Sessions | undefined, clock: Clock): void {
  const failed = createFailedAttempts(clock.monotonicMs);

  const show = (
    c: Context<ConsoleContext>,
    returnPath: string,
    problem?: string,
    status: 200 | 401 | 403 | 429 = 200,
  ) =>
    showPage(c, {
      title: "Sign in",
      status,
      content: <SignInPage formToken={c.get("formToken")} returnPath={returnPath} problem={problem} />,
    });

  app.get("/sign-in", async (c) => {
    const returnPath = returnPathOf(c.req.query("return"));
    return sessions ? show(c, returnPath) : c.redirect(returnPath, 303);
  });

  app.post("/sign-in", async (c) => {
    const { key = "", return: wanted } = c.get("form");
    const returnPath = returnPathOf(wanted);
    if (!sessions) return c.redirect(returnPath, 303);
    const logger = c.get("logger");
    const { clientAddress } = c.env?.consoleRequest ?? {};
    const waitSeconds = failed.waitSeconds(clientAddress);
    if (waitSeconds > 0) return tooMany(c, waitSeconds);
    const begun = await sessions.begin(key.trim());
    if ("refused" in begun) {
      if (begun.refused === "too-many-requests") return tooMany(c, begun.retryAfterSeconds ?? 1);
      failed.note(clientAddress);
      const { caller, callerHint: caller_hint, detail: reason } = begun;
      logger.warn({ ...visitFields(c), caller, caller_hint, reason }, "console sign-in refused");
      return show(c, returnPath, problemOf(begun), begun.refused === "forbidden" ? 403 : 401);
    }
    writeCookie(c, "session", begun.cookie, begun.expiresAt);
    logger.info({ ...visitFields(c), caller: begun.id }, "console sign-in");
    return c.redirect(returnPath, 303);
  });

  app.post("/sign-out", (c) => {
    const cookie = cookieOf(c, "session");
    if (cookie !== undefined) sessions?.end(cookie);
    removeCookie(c, "session");
    return c.redirect("/console/sign-in", 303);
  });

  function tooMany(c: Context<ConsoleContext>, seconds: number): Response | Promise<Response> {
    c.header("retry-after", String(seconds));
    return show(c, returnPathOf(c.get("form")["return"]), `Too many attempts. Try again in ${seconds} seconds.`, 429);
  }
}

/** The API's own words speak of headers. */
function problemOf({ refused, detail = "" }: AccessRefusal): string {
  if (refused === "forbidden") return `This key may not use the console. ${detail}`;
  return detail.replace(/ Send it as `Authorization: Bearer <key>`\.$/, "");
}
