import { type Action, FormProblem, needed, present } from "./action.ts";
import type { FormFields } from "./form-fields.ts";

/** Each effect, as the form names it. */
const effects: Readonly<Record<string, (form: FormFields) => object>> = {
  graphError: (form) =>
    present({
      graphError: form.number("graphError"),
      details: form.text("details"),
      retryAfterSeconds: form.number("retryAfterSeconds"),
    }),
  status: (form) => present({ status: form.number("status"), body: form.text("statusBody") }),
  delayMs: (form) => ({ delayMs: form.number("ms") ?? 2_000 }),
  acceptThenDelayMs: (form) => ({ acceptThenDelayMs: form.number("ms") ?? 2_000 }),
  hang: () => ({ hang: true }),
  resetBefore: () => ({ reset: "before" }),
  resetAfter: () => ({ reset: "after" }),
  loseReset: () => ({ acceptThenLose: "reset" }),
  loseClose: () => ({ acceptThenLose: "close" }),
  loseHang: () => ({ acceptThenLose: "hang" }),
  truncate: () => ({ truncate: true }),
  html: () => ({ html: true }),
};

function triggerOf(form: FormFields): object | "always" {
  const kind = form.text("trigger") ?? "always";
  return kind === "always" ? "always" : { [kind]: form.number("count") ?? 1 };
}

/** What is done to faults. */
export const faultActions: Readonly<Record<string, Action>> = {
  "arm-fault"(form) {
    const effect = effects[needed(form, "effect", "The effect")]?.(form);
    if (!effect) throw new FormProblem("There is no such effect.");
    const match = present({
      to: form.text("to"),
      phoneNumberId: form.text("phoneNumberId"),
      tenantId: form.text("tenantId"),
      messageIncludes: form.text("messageIncludes"),
    });
    const body = {
      target: needed(form, "target", "The target"),
      trigger: triggerOf(form),
      ...(Object.keys(match).length > 0 && { match }),
      effect,
    };
    return { method: "POST", path: "/faults", body, says: "The fault is armed." };
  },
  "disarm-fault": (form) => ({
    method: "DELETE",
    path: `/faults/${encodeURIComponent(needed(form, "id", "The fault"))}`,
    says: "The fault is disarmed.",
  }),
  "disarm-all": () => ({ method: "DELETE", path: "/faults", says: "All faults are disarmed." }),
};
