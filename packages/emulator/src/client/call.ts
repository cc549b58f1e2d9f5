/** Calls the control API: a path below `/__emulator`, and a body. */
export type Call = (method: string, path: string, body?: object) => Promise<unknown>;

/** The control API has refused a request. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly status: number;
  /** The whole answer. */
  readonly answer: Readonly<Record<string, unknown>>;

  constructor(status: number, answer: Readonly<Record<string, unknown>>) {
    const { title, detail } = answer;
    const words = [title, detail].filter((text) => typeof text === "string");
    super(words.length === 0 ? `Status ${status}` : words.join(": "));
    this.status = status;
    this.answer = answer;
  }
}

/** `fetch` may lead to a socket, or to the control API in the same process. */
export function createCall(fetch: (request: Request) => Response | Promise<Response>, base: string): Call {
  return async (method, path, body) => {
    const init = body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await fetch(new Request(`${base}/__emulator${path}`, { method, ...init }));
    const text = await response.text();
    const answer: unknown = text === "" ? undefined : parsed(text);
    if (response.ok) return answer;
    throw new ControlError(response.status, typeof answer === "object" && answer !== null ? { ...answer } : {});
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: text };
  }
}

/** A query, without what is undefined. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? "" : `?${query.toString()}`;
}
