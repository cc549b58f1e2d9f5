import type { StoredTemplate, TemplateStore } from "./template-store.ts";

/** What Meta decided about a template. */
export type TemplateVerdict = "approved" | "rejected" | "paused" | "disabled";

/** Meta's review of templates. */
export interface TemplateReview {
  /** A template was created or edited. */
  submitted(id: string): void;
  /** undefined: there is no such template. */
  decide(id: string, verdict: TemplateVerdict, reason?: string): StoredTemplate | undefined;
}

interface ReviewDeps {
  readonly templates: () => TemplateStore;
  /** `wait`: a template stays pending until somebody decides. */
  readonly mode: "approve" | "wait";
  /** Tells of the decision: Meta sends a webhook. */
  readonly onDecision: (template: StoredTemplate) => void;
}

export function createTemplateReview({ templates, mode, onDecision }: ReviewDeps): TemplateReview {
  function decide(id: string, status: TemplateVerdict, reason?: string): StoredTemplate | undefined {
    const decided = templates().change(id, { status, ...(reason !== undefined && { reason }) });
    if (decided) onDecision(decided);
    return decided;
  }

  return {
    submitted(id) {
      if (mode === "approve") decide(id, "approved");
    },
    decide,
  };
}

/** As Meta tells of its decisions (webhooks, `message_template_status_update`). */
export function statusUpdateOf({ id, name, language, status, reason = "NONE" }: StoredTemplate) {
  return {
    event: status.toUpperCase(),
    message_template_id: Number(id),
    message_template_name: name,
    message_template_language: language,
    reason: status === "rejected" ? reason : null,
  };
}
