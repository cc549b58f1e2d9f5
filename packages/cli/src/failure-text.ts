import type { ApiAnswer } from "./api-client.ts";
import type { ApiServer } from "./api-server.ts";

/** What is wrong, in one line: why the server refuses, which fields are wrong, when to try again, and what to do about a key. */
export function failureText(server: ApiServer, { status, body }: ApiAnswer): string {
  const { detail, retry_after_seconds: seconds } = body;
  const isRefused = status === 401 || status === 403;
  return [
    ...(isRefused || typeof detail !== "string" ? [`${server.url} answered HTTP ${status}.`] : []),
    ...(typeof detail === "string" ? [detail] : []),
    ...fieldsIn(body),
    ...(typeof seconds === "number" ? [`Try again in ${seconds} s.`] : []),
    ...(isRefused ? keyHints(server, status) : []),
  ].join(" ");
}

function fieldsIn({ errors }: ApiAnswer["body"]): readonly string[] {
  const fields = (Array.isArray(errors) ? (errors as unknown[]) : []).flatMap((error) => {
    const { pointer, detail } = { ...(error as Record<string, unknown>) };
    return typeof pointer === "string" && typeof detail === "string" ? `${pointer.slice(1)} ${detail}` : [];
  });
  return fields.length === 0 ? [] : [`${fields.join("; ")}.`];
}

function keyHints({ apiKey }: ApiServer, status: number): readonly string[] {
  if (apiKey) return ["The API key is the one in MESSAGE_SENDER_API_KEY."];
  return status === 401 ? ["Set MESSAGE_SENDER_API_KEY to an API key of that server."] : [];
}
