import {
  type AccountCredential,
  inRealTime,
  isIdentifier,
  type TemplateDefinition,
  type Templates,
} from "@message-sender/core/adapter";
import type { Unavailable } from "@message-sender/core";
import { err, ok, type Result, ResultAsync } from "neverthrow";
import { z } from "zod";

import { callKind, inClientSpan, notedEnd } from "../http/client-span.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { isSuccess } from "../http/exchange.ts";
import { createGraphClient, type GraphTransportOptions } from "./graph-client.ts";
import { describeGraphError } from "./graph-error.ts";

/** The `Templates` port over Meta's Graph API. */
export interface GraphTemplates extends Templates {
  /** Call it after the sender is closed. Requests in flight are aborted after a second. */
  close(): Promise<void>;
}

const templateSchema = z.object({
  name: z.string(),
  language: z.string(),
  status: z.string(),
  parameter_format: z.string().optional().catch(undefined),
  components: z.array(z.unknown()).catch([]),
});

/** A template of an unknown form is left out, and so it is not known. */
const pageSchema = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({
      cursors: z
        .object({ after: z.string().min(1).max(4096).optional().catch(undefined) })
        .optional()
        .catch(undefined),
      next: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const fields = "name,language,status,parameter_format,components";
const pageSize = 200;
/** 10,000 templates. Meta allows an account 6,000 (Cloud API, "Templates: template limits"). */
const mostPages = 50;
const pageTimeoutMs = 10_000;
const totalMs = 60_000;

/**
 * Lists the templates of an account, page by page (Graph API, "WhatsApp Business Account Message Templates"), over separate
 * connections, so that no message waits for a list.
 *
 * @example
 * ```ts
 * const templates = createGraphTemplates({ version: "v25.0" });
 * ```
 */
export function createGraphTemplates(options: GraphTransportOptions = {}): GraphTemplates {
  const { url = "https://graph.facebook.com", version = "v25.0" } = options;
  const { routes, clock } = createGraphClient({ maxResponseBytes: 4 * 1024 * 1024, ...options }, { maxConnections: 4 });
  const { meta } = routes;
  const kind = callKind(url, "GET", "/{version}/{waba_id}/message_templates");

  async function readPage({ accessToken, wabaId }: AccountCredential, after: string | undefined, timeoutMs: number) {
    const query = new URLSearchParams({ fields, limit: String(pageSize), ...(after !== undefined && { after }) });
    const path = `/${version}/${encodeURIComponent(wabaId)}/message_templates?${query.toString()}`;
    const headers = { [meta.authHeader]: meta.authPrefix + accessToken.reveal() };
    const answer = await inClientSpan(kind, async (span) =>
      notedEnd(span, await meta.request({ method: "GET", path, headers }, timeoutMs)),
    );
    if (answer.isErr()) return err(unavailable(answer.error.reason));
    const { status, body: bytes } = answer.value;
    const body = parseJsonBody(bytes);
    if (!isSuccess(status)) return err(unavailable(describeRefusal(status, body)));
    const page = pageSchema.safeParse(body);
    return page.success ? ok(page.data) : err(unavailable("the answer is not a list of templates"));
  }

  async function list(credential: AccountCredential): Promise<Result<readonly TemplateDefinition[], Unavailable>> {
    const { wabaId, accessToken } = credential;
    if (!isIdentifier(wabaId) || !/^[\x21-\x7e]+$/.test(accessToken.reveal())) {
      return err(unavailable("the account's id or its access token contains invalid characters"));
    }
    const endsAtMs = clock.monotonicMs() + totalMs;
    const templates: TemplateDefinition[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const leftMs = endsAtMs - clock.monotonicMs();
      if (leftMs <= 0) return err(unavailable("the list took too long"));
      const page = await readPage(credential, after, Math.min(pageTimeoutMs, leftMs));
      if (page.isErr()) return err(page.error);
      templates.push(...page.value.data.flatMap(readTemplate));
      const { paging } = page.value;
      const next = paging?.next === undefined ? undefined : paging.cursors?.after;
      if (next === undefined) return ok(templates);
      if (next === after) return err(unavailable("the list does not go on"));
      after = next;
    }
    return err(unavailable("the list is too long"));
  }

  return inRealTime({
    list: (credential) => new ResultAsync(list(credential)),
    close: routes.close,
  });
}

function readTemplate(element: unknown): readonly TemplateDefinition[] {
  const parsed = templateSchema.safeParse(element);
  if (!parsed.success) return [];
  const { name, language, status, parameter_format: parameterFormat, components } = parsed.data;
  return [{ name, language, status, components, ...(parameterFormat !== undefined && { parameterFormat }) }];
}

/** Without Meta's words: they may quote the access token. */
function describeRefusal(httpStatus: number, body: unknown): string {
  const { error } = (body ?? {}) as { readonly error?: unknown };
  const code = describeGraphError(error)?.code;
  return code === undefined ? `HTTP ${httpStatus}` : `HTTP ${httpStatus} with error ${code}`;
}

function unavailable(reason: string): Unavailable {
  return { kind: "Unavailable", reason: `the templates cannot be listed: ${reason}` };
}
