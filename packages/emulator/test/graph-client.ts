import type { ServicesOptions } from "../src/sandbox/sandbox-options.ts";
import { createServices } from "../src/sandbox/services.ts";

/** The fields of Graph's answers that the tests read. */
export interface GraphAnswer {
  readonly contacts: readonly [{ readonly input: string; readonly wa_id?: string; readonly user_id?: string }];
  readonly messages: readonly [{ readonly id: string; readonly message_status?: string }];
  readonly success?: boolean;
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly error_data?: { readonly details: string };
  };
}

interface Sender {
  readonly number?: string;
  readonly path?: string;
  /** Empty: none. */
  readonly token?: string;
}

export const text = { messaging_product: "whatsapp", to: "+62 812-3456", type: "text", text: { body: "Hello!" } };

/** The services without a socket, and a client of Graph. */
export function openGraph(options: ServicesOptions = {}) {
  const services = createServices(options);

  async function post(body: unknown, { number = "123", path = `/v25.0/${number}/messages`, token }: Sender = {}) {
    const response = await services.graph.app.request(
      path,
      {
        method: "POST",
        headers: token === "" ? {} : { authorization: `Bearer ${token ?? "EAAtoken"}` },
        body: typeof body === "string" ? body : JSON.stringify(body),
      },
      {},
    );
    return { status: response.status, headers: response.headers, body: (await response.json()) as GraphAnswer };
  }

  const sendText = (change: object = {}, sender?: Sender) => post({ ...text, ...change }, sender);
  const sendTemplate = (template: object = {}, change: object = {}) =>
    post({
      messaging_product: "whatsapp",
      to: "+62 812-3456",
      type: "template",
      template: { name: "offer", language: { code: "en_US" }, ...template },
      ...change,
    });
  return { ...services, post, sendText, sendTemplate };
}
