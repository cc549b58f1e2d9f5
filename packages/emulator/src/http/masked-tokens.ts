import type { Form } from "./multipart.ts";
import type { RecordedRequest } from "./request-record.ts";

/** The request with its access token masked. The token is in the header or, as Graph allows, in the field `access_token` of the body. */
export function withMaskedTokens(record: RecordedRequest): RecordedRequest {
  const { headers, body, rawBody } = record;
  return {
    ...record,
    headers: withMaskedAuthorization(headers),
    ...(body !== undefined && { body: withMaskedField(body) }),
    ...(rawBody !== undefined && { rawBody: withMaskedText(rawBody) }),
    ...("accessToken" in record && { accessToken: mask(String(record.accessToken)) }),
  };
}

function withMaskedAuthorization(headers: RecordedRequest["headers"]): RecordedRequest["headers"] {
  const { authorization, ...others } = headers;
  if (typeof authorization !== "string") return headers;
  const [scheme = "", value = ""] = authorization.split(" ");
  return { ...others, authorization: `${scheme} ${mask(value)}` };
}

function withMaskedField(body: unknown): unknown {
  if (typeof body === "string") return withMaskedText(body);
  if (typeof body !== "object" || body === null) return body;
  if ("access_token" in body) return { ...body, access_token: mask(String(body.access_token)) };
  return isFormWithFiles(body) ? { ...body, fields: withMaskedField(body.fields) } : body;
}

function isFormWithFiles(body: object): body is Form {
  return "fields" in body && "files" in body;
}

const inJson = /("access_token"\s*:\s*")((?:[^"\\]|\\.)*)/g;
const inForm = /((?:^|&)access_token=)([^&]*)/g;

function withMaskedText(text: string): string {
  const maskValue = (_: string, name: string, value: string) => name + mask(value);
  return text.replace(inJson, maskValue).replace(inForm, maskValue);
}

function mask(token: string): string {
  return `${token.slice(0, 4)}…`;
}
