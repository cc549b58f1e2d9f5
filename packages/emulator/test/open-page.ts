import { createCall } from "../src/client/call.ts";
import { createPage } from "../src/page/create-page.ts";
import type { ServicesOptions } from "../src/sandbox/sandbox-options.ts";
import { openControl } from "./control-client.ts";

const origin = "http://localhost:4500";

/** The page without a socket. */
export async function openPage(options: ServicesOptions = {}) {
  const opened = openControl(options);
  const call = createCall((request) => opened.control.fetch(request, {}), origin);
  const answer = await createPage({
    ...opened,
    urls: () => ({ graph: origin }),
    call,
    links: [{ label: "Console", href: "http://127.0.0.1:3000/console" }],
  });

  /** The HTML of a view. */
  async function show(path: string): Promise<string> {
    return (await answer(new Request(origin + path))).text();
  }

  /** Sends a form as the page's script does, and returns the status and what is said of it. */
  async function submit(action: string, fields: Readonly<Record<string, string>> | FormData, headers: object = {}) {
    const response = await answer(
      new Request(`${origin}/__emulator/page/act/${action}`, {
        method: "POST",
        body: fields instanceof FormData ? fields : new URLSearchParams(fields),
        headers: { accept: "application/json", origin, ...headers },
      }),
    );
    const { says } = (await response.json()) as { says: string };
    return { status: response.status, says };
  }

  return { ...opened, answer, show, submit };
}

/** What a customer is called in the forms of a chat. */
export const budi = { customer: "628123456", phoneNumberId: "123" };
export const budisChat = "/?chat=123/628123456";
