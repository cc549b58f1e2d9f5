import type { Content } from "../../content/content.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import type { MessageMode, MessageRequest } from "../../domain/message.ts";
import { isPaused, isUnsendable } from "../../domain/templates/template-definition.ts";
import { templateProblems } from "../../domain/templates/template-problems.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Credential } from "../../ports/credentials.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { AccountCredential, Templates } from "../../ports/templates.ts";
import { type Account, createKnownTemplates, longestAgeMs } from "./known-templates.ts";
import type { KnownTemplate } from "./template-list.ts";

/** WhatsApp would refuse the message for its template. Nothing was stored, no quota was used, and WhatsApp was not asked. */
export interface TemplateRefused {
  readonly kind: "TemplateRefused";
  readonly template: Pick<KnownTemplate, "name" | "language" | "status">;
  /** Where the message does not fit the template, with paths within the message's `template`. Empty if its status forbids it. */
  readonly problems: readonly ContentProblem[];
}

/** Checks messages against the templates of their account. What is not known is not refused. */
export interface TemplateCheck {
  /** Why WhatsApp would refuse the message. Undefined at once for a message that is not a template. */
  refusal(
    request: MessageRequest,
    credential: Credential,
    mode: MessageMode,
  ): Promise<TemplateRefused | undefined> | undefined;
  /** Whether the template of a queued message is paused. Undefined at once for a message that is not a template. */
  paused(request: MessageRequest, credential: Credential): Promise<boolean> | undefined;
  /** Whether the templates of the message's account are known: what they say counts then, whatever a webhook has said. */
  knows(request: Pick<MessageRequest, "content" | "outlet">, credential: Credential): boolean;
  /** Forgets the templates of an account, because they have changed. */
  forget(wabaId: string): void;
  /** WhatsApp has refused the message for its template: what is known may be out of date. */
  doubt(request: MessageRequest, credential: Credential): void;
}

interface TemplateCheckParts {
  readonly templates?: Templates;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * What is up to five minutes old is good enough to send. A refusal needs a list that was asked for while the call was made, or hardly
 * before: a template may have been approved or corrected since. Where that cannot be had, the message is sent, and WhatsApp decides.
 */
const refuseAgeMs = 5000;
/** A message in the queue that waits is checked again: nothing is lost if its template was resumed within this time. */
const holdAgeMs = 60_000;
/** What WhatsApp contradicts again and again, such as a message whose fault the list does not show, must not make every list useless. */
const doubtAgeMs = 60_000;

export function createTemplateCheck({ templates, clock, telemetry }: TemplateCheckParts): TemplateCheck {
  if (!templates) {
    return { refusal: () => undefined, paused: () => undefined, knows: () => false, forget() {}, doubt() {} };
  }
  const known = createKnownTemplates(templates, clock, telemetry);

  async function find(
    account: Account,
    content: TemplateContent,
    maxAgeMs: number,
    isWrong: (template: KnownTemplate) => boolean,
  ): Promise<KnownTemplate | undefined> {
    const { name, language } = content.template;
    const first = await known.find(account, name, language.code, longestAgeMs);
    if (!first || !isWrong(first)) return undefined;
    const again = await known.find(account, name, language.code, maxAgeMs);
    return again && isWrong(again) ? again : undefined;
  }

  return {
    refusal(request, credential, mode) {
      const account = accountOf(request, credential);
      const { content } = request;
      if (!account || content.type !== "template") return undefined;
      const problemsOf = ({ wanted }: KnownTemplate) => templateProblems(wanted, content.template.components ?? []);
      const isForbidden = ({ status }: KnownTemplate) =>
        isUnsendable(status) && !(mode === "queued" && isPaused(status));
      const isWrong = (found: KnownTemplate) => isForbidden(found) || problemsOf(found).length > 0;
      return find(account, content, refuseAgeMs, isWrong).then((found) => {
        if (!found) return undefined;
        const { name, language, status } = found;
        return { kind: "TemplateRefused", template: { name, language, status }, problems: problemsOf(found) };
      });
    },
    paused(request, credential) {
      const account = accountOf(request, credential);
      const { content } = request;
      if (!account || content.type !== "template") return undefined;
      return find(account, content, holdAgeMs, ({ status }) => isPaused(status)).then((found) => found !== undefined);
    },
    knows(request, credential) {
      const account = accountOf(request, credential);
      return account !== undefined && known.has(account);
    },
    forget: known.forget,
    doubt(request, credential) {
      const account = accountOf(request, credential);
      if (account) known.doubt(account, doubtAgeMs);
    },
  };
}

type TemplateContent = Extract<Content, { type: "template" }>;

/** Undefined where templates cannot be known: the account is not, or the outlet's provider is not Meta. */
function accountOf(
  { content, outlet }: Pick<MessageRequest, "content" | "outlet">,
  credential: Credential,
): Account | undefined {
  return content.type === "template" && !credential.provider && hasAccount(credential)
    ? { tenantId: outlet.tenantId, credential }
    : undefined;
}

function hasAccount(credential: Credential): credential is AccountCredential {
  return credential.wabaId !== undefined;
}
