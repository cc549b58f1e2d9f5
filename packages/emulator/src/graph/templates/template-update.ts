import type { StoredTemplate } from "./template-store.ts";

/** As Meta tells of its reviews (webhooks, `message_template_status_update`). */
export function templateUpdateOf({ id, name, language, status, reason = "NONE" }: StoredTemplate) {
  return {
    event: status.toUpperCase(),
    message_template_id: Number(id),
    message_template_name: name,
    message_template_language: language,
    reason: status === "rejected" ? reason : null,
  };
}
