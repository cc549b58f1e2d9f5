import { httpFailure, type HttpFailure } from "./http-failure.ts";

/** Where a request goes, and with which headers. */
export interface HttpHead {
  readonly method: "GET" | "POST";
  /** Encoded, with its leading slash. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A head that is valid and encoded, for any number of requests. */
export interface RequestHead {
  readonly method: HttpHead["method"];
  readonly path: string;
  /** Names and values by turns. */
  readonly headers: readonly string[];
}

/** Short answers are not worth encoding, and an unencoded answer cannot expand. */
const unencoded = { "accept-encoding": "identity" };

/** Encodes the head of requests. A failure if it is not valid. */
export function encodeHead({ method, path, headers }: HttpHead): RequestHead | HttpFailure {
  const invalidity = invalidityOf(path, headers);
  return invalidity === undefined
    ? { method, path, headers: Object.entries({ ...unencoded, ...headers }).flat() }
    : httpFailure({ dispatched: false }, invalidity, { final: true });
}

/** Invalid requests must not reach undici: after its client has refused one, the pool never uses that client again (undici 8.12). */
function invalidityOf(path: string, headers: HttpHead["headers"]): string | undefined {
  if (!/^\/[\x21-\x7e]*$/.test(path) || /\/\.{1,2}(?:[/?#]|$)/.test(path)) return "the path is not valid";
  for (const name in headers) {
    if (!/^[\t\x20-\x7e]*$/.test(headers[name] ?? "")) return `the ${name} header is not valid`;
  }
  return undefined;
}
