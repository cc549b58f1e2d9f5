import type { ServicesOptions } from "../src/sandbox/sandbox-options.ts";
import { createServices } from "../src/sandbox/services.ts";

/** The services without a socket, a client of the control API, and one that sends as the business does. */
export function openControl(options: ServicesOptions = {}) {
  const services = createServices(options);

  async function call(method: string, path: string, body?: unknown, signal?: AbortSignal) {
    const init = {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    };
    const response = await services.control.request(`http://localhost/__emulator${path}`, init, {});
    const text = await response.text();
    // Each test reads the fields that its routes have, so it is of any type.
    const answer = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, body: answer };
  }

  /** Sends a message that must be accepted, and returns its id. */
  async function send(change: object = {}, number = "123"): Promise<string> {
    const message = { messaging_product: "whatsapp", to: "+628123456", type: "text", text: { body: "Hello!" } };
    const response = await services.graph.app.request(
      `/v25.0/${number}/messages`,
      {
        method: "POST",
        headers: { authorization: "Bearer EAAtoken" },
        body: JSON.stringify({ ...message, ...change }),
      },
      {},
    );
    const { messages } = (await response.json()) as { messages: [{ id: string }] };
    return messages[0].id;
  }

  return { ...services, call, send };
}

export const buttons = {
  type: "interactive",
  interactive: {
    type: "button",
    body: { text: "Sure?" },
    action: { buttons: ["Yes", "No"].map((title) => ({ type: "reply", reply: { id: `id-${title}`, title } })) },
  },
};

export const list = {
  type: "interactive",
  interactive: {
    type: "list",
    body: { text: "How fast?" },
    action: {
      button: "Choose",
      sections: [{ title: "Mail", rows: [{ id: "express", title: "Express", description: "Next day" }] }],
    },
  },
};
