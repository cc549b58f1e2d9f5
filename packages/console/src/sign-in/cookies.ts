import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

import type { ConsoleContext } from "../console-context.ts";

const names = { session: "message_sender_session", form: "message_sender_form" } as const;
type CookieName = keyof typeof names;

export function cookieOf(c: Context<ConsoleContext>, name: CookieName): string | undefined {
  return getCookie(c, names[name]);
}

/**
 * Lax, so that a link from a colleague opens a page to whoever is signed in. Requests that change something are told apart by their
 * token and their origin.
 */
export function writeCookie(c: Context<ConsoleContext>, name: CookieName, value: string, expires?: Date): void {
  setCookie(c, names[name], value, { ...attributes(c), ...(expires && { expires }) });
}

export function removeCookie(c: Context<ConsoleContext>, name: CookieName): void {
  deleteCookie(c, names[name], attributes(c));
}

function attributes(c: Context<ConsoleContext>) {
  return { path: "/console", httpOnly: true, sameSite: "Lax", secure: isHttps(c) } as const;
}

/** A proxy speaks TLS for the server: the browser's own Origin says so, or the proxy. Whoever makes it up hurts only themselves. */
function isHttps(c: Context<ConsoleContext>): boolean {
  const said = [c.req.url, c.req.header("origin"), `${c.req.header("x-forwarded-proto")?.trim()}:`];
  return said.some((text) => /^https:/i.test(text ?? ""));
}
