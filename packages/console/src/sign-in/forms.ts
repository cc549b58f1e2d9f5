import { isSameOrigin } from "@message-sender/pages";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";

import type { ConsoleContext, Form } from "../console-context.ts";
import { cookieOf, writeCookie } from "./cookies.ts";
import { formTokenOf, isSameToken, newFormSecret } from "./form-token.ts";

const largestForm = 64 * 1024;

/**
 * Refuses a request that changes something unless a page of the console has sent it: the form has the token that only such a page
 * knows, and the browser does not say that it comes from elsewhere.
 */
export function formsOf(refuse: (c: Context<ConsoleContext>) => Response | Promise<Response>) {
  const ownPages: MiddlewareHandler<ConsoleContext> = async (c, next) => {
    if (!isRead(c) && !isSameOrigin(c.req.raw.headers, new URL(c.req.url).origin)) throw new HTTPException(403);
    return next();
  };

  const token: MiddlewareHandler<ConsoleContext> = async (c, next) => {
    let secret = cookieOf(c, "form");
    const isKnown = secret !== undefined && /^[\w-]{43}$/.test(secret);
    if (secret === undefined || !isKnown) secret = newFormSecret();
    if (!isKnown && isRead(c)) writeCookie(c, "form", secret);
    c.set("formToken", formTokenOf(secret, cookieOf(c, "session")));
    if (isRead(c)) return next();
    const form = await readForm(c);
    if (!isKnown || !isSameToken(form["token"], c.get("formToken"))) return refuse(c);
    c.set("form", form);
    return next();
  };
  return [bodyLimit({ maxSize: largestForm }), ownPages, token] as const;
}

function isRead({ req }: Context<ConsoleContext>): boolean {
  return req.method === "GET" || req.method === "HEAD";
}

async function readForm({ req }: Context<ConsoleContext>): Promise<Form> {
  const type = req.header("content-type") ?? "";
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return {};
  const fields = await req.parseBody().catch((error: unknown) => {
    // What is not the form that it says it is has no token either.
    if (error instanceof TypeError) return {};
    throw error;
  });
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
