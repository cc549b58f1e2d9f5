import type { RecordedRequest } from "../../http/request-record.ts";

/** Graph takes a token as `Bearer`, as `OAuth`, and as the parameter `access_token` (Graph API, "Access tokens"). */
export function accessTokenOf(
  { headers }: RecordedRequest,
  params: Readonly<Record<string, unknown>> = {},
): string | undefined {
  const { authorization } = headers;
  const [, token] = typeof authorization === "string" ? (/^(?:Bearer|OAuth) +(\S+) *$/i.exec(authorization) ?? []) : [];
  const { access_token: parameter } = params;
  return token ?? (typeof parameter === "string" && parameter !== "" ? parameter : undefined);
}
