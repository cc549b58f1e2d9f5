import { type Action, needed, present } from "./action.ts";

/** What is done to webhooks. */
export const webhookActions: Readonly<Record<string, Action>> = {
  target(form) {
    const body = present({
      url: needed(form, "url", "The URL"),
      appSecret: needed(form, "appSecret", "The app secret"),
      verifyToken: form.text("verifyToken"),
    });
    const isVerified = form.text("verifyToken") !== undefined;
    const says = isVerified ? "The endpoint is verified; webhooks go there." : "Webhooks go there.";
    return { method: "PUT", path: "/webhooks", body, says };
  },
  "webhook-settings"(form) {
    const all = form.isChecked("was-by-hand") ? ["sent", "delivered", "read", "played"] : undefined;
    const statuses = form.isChecked("by-hand") ? [] : all;
    const body = present({
      withhold: form.isChecked("withhold"),
      duplicate: form.number("duplicate"),
      reorder: form.isChecked("reorder"),
      delayMs: form.number("delayMs"),
      statuses,
    });
    return { method: "PUT", path: "/webhooks", body, says: "The settings apply." };
  },
  redeliver: (form) => ({
    method: "POST",
    path: `/webhooks/${encodeURIComponent(needed(form, "id", "The webhook"))}/redeliver`,
    says: "It is sent again.",
  }),
};
