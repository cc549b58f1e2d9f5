import type { Hono } from "hono";
import { z } from "zod";

import type { Env } from "../../http/answer.ts";

/** What a route answers. Without a body, the answer has none. */
interface Reply {
  readonly status: number;
  readonly body?: object;
}

/** An answer, as the document describes it. */
interface AnswerOf {
  readonly description: string;
  /** Default: the answer has no body. */
  readonly schema?: z.ZodType;
  /** Default: `application/json`. */
  readonly mediaType?: string;
}

interface RouteOf<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/__emulator`, as Hono writes it: `/faults/:id`. */
  readonly path: string;
  /** In camelCase: generated clients use it. */
  readonly operation: string;
  readonly tag: RouteTag;
  /** A few words, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Bodies, by a short phrase that names each. */
  readonly examples?: Readonly<Record<string, unknown>>;
  /** By HTTP status. 400 is added where there is something to check. */
  readonly answers: Readonly<Record<number, AnswerOf>>;
  handle(input: {
    readonly params: z.output<Params>;
    readonly query: z.output<Query>;
    readonly body: z.output<Body>;
    /** Aborted when the client goes. */
    readonly signal: AbortSignal;
  }): Reply | Response | Promise<Reply | Response>;
}

export type RouteTag = "Sandbox" | "Customers" | "Messages" | "Webhooks" | "WhatsApp" | "Faults" | "Logs";

/** A route of the control API: what the document says of it is what checks its requests. */
export type ControlRoute = RouteOf<z.ZodType, z.ZodType, z.ZodType>;

/** Keeps the types of the schemas for the handler. */
export function route<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(described: RouteOf<Params, Query, Body>): ControlRoute {
  // The handler gets only what its own schemas have let through.
  return described as unknown as ControlRoute;
}

/** Something that a request asks for cannot be done; the answer says why. */
export class ControlProblem extends Error {
  override readonly name = "ControlProblem";
  readonly status: 400 | 404 | 408 | 409;
  readonly title: string;
  /** Further fields of the answer. */
  readonly more: object;

  constructor(status: ControlProblem["status"], title: string, detail = "", more: object = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.more = more;
  }
}

const nothing = z.undefined();

/** `onChange` is told of each request that may have changed something. */
export function addRoute(
  app: Hono<Env>,
  base: string,
  added: ControlRoute,
  onChange: (operation: string) => void = () => {},
): void {
  const { method, path, operation, params = nothing, query = nothing, body = nothing, handle } = added;

  app.on(method, base + path, async (c) => {
    const given = z.object({ path: params, query, body }).safeParse({
      path: added.params && c.req.param(),
      query: added.query && c.req.query(),
      body: added.body && (await c.req.json().catch(() => undefined)),
    });
    if (!given.success) return c.json({ title: "Bad request", detail: detailOf(given.error) }, 400);
    const { signal } = c.req.raw;
    const input = { params: given.data.path, query: given.data.query, body: given.data.body, signal };
    try {
      const reply = await handle(input);
      if (method !== "GET") onChange(operation);
      if (reply instanceof Response) return reply;
      return reply.body === undefined
        ? new Response(null, { status: reply.status })
        : Response.json(reply.body, { status: reply.status });
    } catch (cause) {
      if (!(cause instanceof ControlProblem)) throw cause;
      const { status, title, message: detail, more } = cause;
      return c.json({ title, ...(detail !== "" && { detail }), ...more }, status);
    }
  });
}

/** Names the fields from the body on, and not the part of the request that they are in. */
function detailOf(error: z.ZodError): string {
  return z.prettifyError({ issues: error.issues.map((issue) => ({ ...issue, path: issue.path.slice(1) })) });
}
