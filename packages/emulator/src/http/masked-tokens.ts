import type { RecordedRequest } from "./request-record.ts";
import { isUrlEncodedForm } from "./url-encoded-form.ts";

const field = "access_token";

/** The request with its access token masked. The token is in the header or, as Graph allows, in the field `access_token` of the body. */
export function withMaskedTokens(record: RecordedRequest): RecordedRequest {
  const { headers, body, rawBody } = record;
  const masked = rawBody === undefined ? undefined : withMaskedText(rawBody, headers["content-type"]);
  return {
    ...record,
    headers: withMaskedAuthorization(headers),
    // The body is its own text where it could not be parsed.
    ...(body !== undefined && { body: body === rawBody ? masked : withMaskedFields(body) }),
    ...(masked !== undefined && { rawBody: masked }),
    ...("accessToken" in record && { accessToken: mask(String(record.accessToken)) }),
  };
}

function withMaskedAuthorization(headers: RecordedRequest["headers"]): RecordedRequest["headers"] {
  const { authorization, ...others } = headers;
  if (typeof authorization !== "string") return headers;
  const [, scheme = "", token = ""] = /^(\S+ +)?(.*)$/s.exec(authorization) ?? [];
  return { ...others, authorization: scheme + mask(token) };
}

function withMaskedFields(value: unknown, name = ""): unknown {
  if (typeof value === "string") return name === field ? mask(value) : value;
  if (Array.isArray(value)) return value.map((item) => withMaskedFields(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withMaskedFields(item, key)]));
}

/** A text of another kind is masked as a form is: the client may have forgotten the type. */
function withMaskedText(text: string, contentType: unknown): string {
  const isJson = !isUrlEncodedForm(String(contentType), text) && /^\s*[{["]/.test(text);
  return isJson ? withMaskedMembers(text) : withMaskedPairs(text);
}

function withMaskedMembers(json: string): string {
  let masked = "";
  let copied = 0;
  let name = { from: 0, to: 0 };
  for (const { from, to } of stringsOf(json)) {
    const isMember = /^"\s*:\s*"$/.test(json.slice(name.to, from));
    if (isMember && unescaped(json.slice(name.from, name.to)) === field) {
      masked += json.slice(copied, from) + JSON.stringify(mask(unescaped(json.slice(from, to)))).slice(1, -1);
      copied = to;
    }
    name = { from, to };
  }
  return masked + json.slice(copied);
}

/** Where the strings of a JSON text are, without their quotes. A string that was cut off ends with the text. */
function* stringsOf(json: string): Generator<{ from: number; to: number }> {
  let from: number | undefined;
  for (const { 0: mark, index } of json.matchAll(/\\.|"/gs)) {
    if (mark !== '"') continue;
    if (from !== undefined) yield { from, to: index };
    from = from === undefined ? index + 1 : undefined;
  }
  if (from !== undefined) yield { from, to: json.length };
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

function withMaskedPairs(form: string): string {
  const pairs = form.split("&").map((pair) => {
    const token = new URLSearchParams(pair).get(field);
    return token ? `${pair.slice(0, pair.indexOf("="))}=${mask(token, encodeURIComponent)}` : pair;
  });
  return pairs.join("&");
}

function mask(token: string, encode = (text: string) => text): string {
  return token && `${encode(token.slice(0, 4).toWellFormed())}…`;
}
