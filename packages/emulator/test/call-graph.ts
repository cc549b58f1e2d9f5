import type { ServicesOptions } from "../src/sandbox/sandbox-options.ts";
import { createServices } from "../src/sandbox/services.ts";

type Json = Readonly<Record<string, unknown>>;
type Body = NonNullable<RequestInit["body"]>;

interface CallOptions {
  /** An object is sent as JSON. */
  readonly body?: Json | Body;
  readonly headers?: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly token?: string;
}

/** The services without a socket, and a client of everything that Graph does. */
export function openCalls(options: ServicesOptions = {}) {
  const services = createServices(options);

  /** `to` is a method and a path after the version, or a URL. */
  async function ask(to: string, { body, headers = {}, token = "EAAtoken" }: CallOptions = {}) {
    const [method = "", path = ""] = to.split(" ");
    const url = path.startsWith("http") ? path : `http://graph.test/v25.0/${path}`;
    const isJson = body !== undefined && Object.getPrototypeOf(body) === Object.prototype;
    return services.graph.app.request(
      url,
      {
        method,
        headers: {
          ...(token !== "" && { authorization: `Bearer ${token}` }),
          ...(isJson && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as Body) }),
      },
      {},
    );
  }

  /** The answer's JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- What it is, the test says.
  async function call(to: string, body?: Json | Body, options: CallOptions = {}): Promise<any> {
    return (await ask(to, { ...(body !== undefined && { body }), ...options })).json();
  }

  /** The error's code, or its code and subcode: `100/33`. */
  async function refusal(to: string, body?: Json | Body, options: CallOptions = {}): Promise<string | undefined> {
    const { error } = (await call(to, body, options)) as { error?: { code: number; error_subcode?: number } };
    return error && [error.code, error.error_subcode].filter((one) => one !== undefined).join("/");
  }

  return { ...services, ask, call, refusal };
}

/** What Graph says of an object that is not there, or not for this token. */
export const unknownObject = "100/33";
