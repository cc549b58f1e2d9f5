import { everyone } from "@message-sender/http-adapter/inbound";
import type { Context, MiddlewareHandler } from "hono";

import type { ConsoleContext } from "../console-context.ts";
import { showProblem } from "../frame/problem-page.tsx";
import { cookieOf } from "./cookies.ts";
import type { Sessions } from "./sessions.ts";
import type { Visitor } from "../console-visitor.ts";

const anyVisitor: Visitor = { ...everyone, isStillAdmitted: () => Promise.resolve(true) };

/** Lets whoever is signed in pass. Everybody may pass where the API is open too: `sessions` is absent then. */
export function guard(sessions: Sessions | undefined): MiddlewareHandler<ConsoleContext> {
  return async (c, next) => {
    if (!sessions) {
      c.set("visitor", anyVisitor);
      return next();
    }
    const cookie = cookieOf(c, "session");
    const visitor = cookie === undefined ? undefined : await sessions.visitorOf(cookie);
    if (!visitor) return askToSignIn(c);
    if ("refused" in visitor) {
      if (visitor.refused !== "too-many-requests") return askToSignIn(c);
      c.header("retry-after", String(visitor.retryAfterSeconds ?? 1));
      return showProblem(c, { status: 429, title: "Too many requests", detail: visitor.detail ?? "Try again later." });
    }
    c.set("visitor", visitor);
    c.set("isSignedIn", true);
    if (visitor.id !== undefined) c.env?.consoleRequest?.noteCaller?.(visitor.id);
    return next();
  };
}

/** A page comes back to itself after signing in. Anything else, such as a script or a form, learns that it has no session. */
function askToSignIn(c: Context<ConsoleContext>): Response | Promise<Response> {
  const isPage = c.req.method === "GET" && (c.req.header("accept") ?? "").includes("text/html");
  const { pathname, search } = new URL(c.req.url);
  const wanted = isPage && pathname + search !== "/console" ? `?return=${encodeURIComponent(pathname + search)}` : "";
  if (isPage) return c.redirect(`/console/sign-in${wanted}`, 303);
  const detail = "You have not signed in, or your session has ended. Sign in.";
  return showProblem(c, { status: 401, title: "Not signed in", detail });
}
