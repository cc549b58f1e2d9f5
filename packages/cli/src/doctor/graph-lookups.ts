import type { Secret } from "@message-sender/core";
import { proxyFor } from "@message-sender/http-adapter/values";
import type { Settings } from "@message-sender/server/settings";
import { Agent, ProxyAgent } from "undici";
import { z } from "zod";

import { call, type CallAnswer } from "./call.ts";

/** Reads from WhatsApp's Graph API, through the proxy if one is set. */
export interface Graph {
  /** The answer to a GET, or why there is none. */
  get(path: string, token?: Secret): Promise<CallAnswer | string>;
  /** The same at another URL: a provider's. */
  getAt(url: string, headers: Readonly<Record<string, string>>): Promise<CallAnswer | string>;
  /** Ends the calls in flight. A connection that is being made ends later, or with the process. */
  close(): void;
}

export function openGraph(settings: Settings, signal: AbortSignal): Graph {
  const { GRAPH_API_URL: url, GRAPH_API_VERSION: version, HTTPS_PROXY: proxy, NO_PROXY: except } = settings;
  const proxyOptions = proxy && { url: proxy.reveal(), ...(except && { except }) };
  const direct = new Agent();
  const proxied = proxyOptions && new ProxyAgent(proxyOptions.url);
  const getAt: Graph["getAt"] = async (at, headers) => {
    const isProxied = proxyFor(new URL(at).origin, proxyOptions) !== undefined;
    const dispatcher = (isProxied && proxied) || direct;
    const answer = await call(at, { dispatcher, signal, headers });
    if (typeof answer !== "string" || !isProxied) return answer;
    return answer.replace("cannot be reached", "cannot be reached through HTTPS_PROXY");
  };
  return {
    getAt,
    get: (path, token) =>
      getAt(`${url}/${version}/${path}`, token ? { authorization: `Bearer ${token.reveal()}` } : {}),
    close: () => void Promise.all([direct.destroy(), proxied?.destroy()]),
  };
}

const errorSchema = z.object({
  error: z.object({ code: z.number(), error_subcode: z.number().optional(), message: z.string().catch("") }),
});

/** The error of an unsuccessful answer. */
export function graphErrorIn({
  status,
  body,
}: CallAnswer): { code: number; subcode?: number; message: string } | undefined {
  if (status < 300) return undefined;
  const found = errorSchema.safeParse(body);
  if (!found.success) return { code: 0, message: `HTTP ${status}` };
  const { code, error_subcode: subcode, message } = found.data.error;
  return { code, message, ...(subcode !== undefined && { subcode }) };
}
