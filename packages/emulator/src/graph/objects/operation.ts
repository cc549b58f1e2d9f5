import type { Answer } from "../../http/answer.ts";
import type { Draft } from "../../http/request-record.ts";
import type { GraphRequest } from "../access/graph-access.ts";
import type { GraphError } from "../graph-error.ts";
import type { UploadedFile } from "../../http/uploaded-file.ts";

/** What an id in a path may name. `root` is Graph itself, whose edges have no id before them. */
export type Kind =
  | "root"
  | "number"
  | "account"
  | "business"
  | "application"
  | "user"
  | "profile"
  | "bot"
  | "media"
  | "upload"
  | "template"
  | "flow"
  | "group"
  | "history"
  | "preverified";

/** One call of Graph. */
export interface Ask {
  /** The id in the path; empty for `root`. */
  readonly id: string;
  /** What the path has in place of `:name` parts of the edge. */
  readonly names: Readonly<Record<string, string>>;
  /** The parameters, which Graph takes from the query and from the body alike. No value is null. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The body alone, whatever it is. */
  readonly body: unknown;
  /** The files of a form. */
  readonly files: readonly UploadedFile[];
  readonly headers: GraphRequest["headers"];
  /** The URL of the request, as the client wrote it. */
  readonly url: string;
  readonly token: string | undefined;
  /** The entry in the log. */
  readonly entry: Draft<GraphRequest>;
}

/** What Graph does for a method on an edge of a kind of object. */
export interface Operation {
  readonly method: "GET" | "POST" | "DELETE";
  readonly on: Kind;
  /** The path after the id: `message_qrdls/:code`; empty for the object itself. */
  readonly edge: string;
  answer(ask: Ask): Answer | GraphError;
}

export function isError(result: Answer | GraphError): result is GraphError {
  return !("headers" in result);
}

/**
 * The operation as the coverage matrix lists it, such as `GET /:number/settings`.
 * @internal
 */
export function routeOf({ method, on, edge }: Operation): string {
  return `${method} /${[...(on === "root" ? [] : [`:${on}`]), ...(edge === "" ? [] : [edge])].join("/")}`;
}
