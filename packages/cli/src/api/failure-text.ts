import type { ApiAnswer } from "./client.ts";
import type { ApiServer } from "./server.ts";

/** What is wrong, in one line: why the server refuses, which fields are wrong, when to try again, and what to do about a key. */
export function failureText(server: ApiServer, { status, body }: ApiAnswer): string {
  const { detail, retry_after_seconds: seconds, whatsapp_error: error } = body;
  const isRefused = status === 401 || status === 403;
  return [
    ...(isRefused || typeof detail !== "string" ? [`${server.url} answered HTTP ${status}.`] : []),
    ...(typeof detail === "string" ? [detail] : []),
    ...fieldsIn(body),
    ...whatsappWords(error),
    ...(typeof seconds === "number" ? [`Try again in ${seconds} s.`] : []),
    ...(isRefused ? keyHints(server, status) : []),
  ].join(" ");
}

/** The mistakes that `detail` does not already contain. */
function fieldsIn({ errors, detail: all }: ApiAnswer["body"]): readonly string[] {
  const isSaid = (what: string) => typeof all === "string" && all.includes(what);
  const fields = (Array.isArray(errors) ? (errors as unknown[]) : []).flatMap((error) => {
    const { pointer, detail } = { ...(error as Record<string, unknown>) };
    if (typeof pointer !== "string" || typeof detail !== "string" || isSaid(detail)) return [];
    return `${pointer.slice(1)} ${detail}`;
  });
  return fields.length === 0 ? [] : [`${fields.join("; ")}.`];
}

/** The advice of a refusal often refers to WhatsApp's own details. */
function whatsappWords(error: unknown): readonly string[] {
  const { code, details } = { ...(error as Record<string, unknown> | undefined) };
  if (typeof code !== "number") return [];
  return [typeof details === "string" ? `WhatsApp said (${code}): ${details}` : `WhatsApp said ${code}.`];
}

function keyHints({ apiKey }: ApiServer, status: number): readonly string[] {
  if (apiKey) return ["The API key is the one in MESSAGE_SENDER_API_KEY."];
  return status === 401 ? ["Set MESSAGE_SENDER_API_KEY to an API key of that server."] : [];
}
