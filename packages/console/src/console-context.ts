import type { Logger } from "@message-sender/http-adapter/inbound";
import type { Assets } from "@message-sender/pages";
import type { Hono } from "hono";
import type { BlankSchema } from "hono/types";

import type { Visitor } from "./console-visitor.ts";

/** What the server around the console says of a request, in the environment that is passed to `fetch`. */
export interface ConsoleRequest {
  readonly requestId?: string;
  readonly clientAddress?: string;
  /** Called with the id of the visitor's key, for the server's log line of the request. */
  noteCaller?(id: string): void;
}

/** The fields of a form that was sent. */
export type Form = Readonly<Record<string, string>>;

/** What every page has at hand. */
export interface ConsoleContext {
  Bindings: { readonly consoleRequest?: ConsoleRequest };
  Variables: {
    /** After the guard. */
    visitor: Visitor;
    /** For the hidden field `token` of each form. */
    formToken: string;
    /** Of a POST, once its token has been checked. */
    form: Form;
    logger: Logger;
    assets: Assets;
    /** Whether whoever looks has signed in, and can sign out. */
    isSignedIn?: boolean;
  };
}

/** Where each folder adds its pages. Paths are relative to `/console`. */
export type ConsoleApp = Hono<ConsoleContext, BlankSchema, "/console">;
