import type { z } from "zod";

import type { ProblemType } from "../problems/problem.ts";
import type { Scope } from "../access/access.ts";
import type { SheddingLevel } from "./shedding.ts";

/** The part of the document under which a route is listed. */
export type RouteTag = "Messages" | "Media" | "Webhooks" | "Administration" | "Server";

/** Values of a body, by a short phrase that names each. */
export type Examples = Readonly<Record<string, unknown>>;

/** A header of a request that means something to this route. Those that every route reads are described once. */
interface RequestHeader {
  readonly description: string;
  readonly schema: z.ZodType;
  /** The API page fills it in, so leave it out where a caller must choose a value. */
  readonly example?: string;
}

/** `define` makes a named component of a schema, and returns the reference to it. */
export type RefineSchema = (schema: JsonSchema, define: (name: string, schema: JsonSchema) => JsonSchema) => JsonSchema;

/** A JSON schema (2020-12), which OpenAPI 3.1 takes as it is. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The body of a request. */
interface RequestBody {
  /** The schema that checks the body. */
  readonly schema: z.ZodType;
  /** Refines the JSON schema of the body, where a field says what another one must be. */
  readonly refine?: RefineSchema;
  readonly examples: Examples;
  /** Default: `application/json`. */
  readonly mediaType?: "application/json" | "multipart/form-data";
}

/** Headers of answers beyond those that every answer has. */
export type AnswerHeader =
  | "Content-Security-Policy"
  | "Idempotency-Replayed"
  | "Location"
  | "Preference-Applied"
  | "Referrer-Policy";

/** An answer that is not a problem. */
export interface Answer {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly examples: Examples;
  /** Default: `application/json`. */
  readonly mediaType?: string;
  readonly headers?: readonly AnswerHeader[];
}

/**
 * A route and what its callers know about it. The OpenAPI document is built from this. What all routes have in common is left
 * out: the headers of every request and answer, the path's identifiers, and the problems that come from `scope` and `body`.
 */
export interface Route<Path extends string = string> {
  readonly method: "GET" | "POST" | "DELETE";
  /** As Hono writes it: `/api/v1/messages/:messageId`. Each parameter of it is an identifier. */
  readonly path: Path;
  /** What the caller's access must include. `open`: everybody may use the route. */
  readonly scope: Scope | "open";
  /** From which level of overload on it is refused. Default: 2 for the scope `send`, 3 for `read`, never for the others. */
  readonly shedAt?: SheddingLevel;
  /** The name of the operation, in camelCase. Generated clients use it. */
  readonly operation: string;
  readonly tag: RouteTag;
  /** A few words, without a full stop. */
  readonly summary: string;
  /** Sentences in Markdown: what it promises, and what a caller has to know. */
  readonly description: string;
  readonly headers?: Readonly<Record<string, RequestHeader>>;
  /** The schema of the query: an object with one field a parameter. Without it, parameters are refused. */
  readonly query?: z.ZodObject;
  /** Without it, a body is refused, and `description` says so. */
  readonly body?: RequestBody;
  /** By HTTP status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** The problems of this route alone. */
  readonly problems: readonly ProblemType[];
}

/** Keeps the path of a route as its type, so that a handler knows its parameters. */
export function defineRoute<const Path extends string>(route: Route<Path>): Route<Path> {
  return route;
}
