import { viewHref } from "../paths.ts";
import { type Action, FormProblem, needed, present } from "./action.ts";

const perUnit: Readonly<Record<string, number>> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** What is done to messages, templates, limits and the sandbox as a whole. */
export const sandboxActions: Readonly<Record<string, Action>> = {
  status(form) {
    const status = needed(form, "status", "The status");
    const id = encodeURIComponent(needed(form, "id", "The message"));
    const errorCode = status === "failed" ? form.number("errorCode") : undefined;
    return { method: "POST", path: `/messages/${id}/status`, body: present({ status, errorCode }) };
  },
  review(form) {
    const status = needed(form, "status", "The decision");
    const reason = status === "rejected" ? form.text("reason") : undefined;
    return {
      method: "POST",
      path: `/templates/${encodeURIComponent(needed(form, "id", "The template"))}/review`,
      body: present({ status, reason }),
      says: `${form.text("name") ?? "The template"} is ${status}.`,
    };
  },
  limits(form) {
    const own = (form.text("throughputOf") ?? "").split(/\r?\n/).flatMap((line) => {
      if (line.trim() === "") return [];
      const [, number, perSecond] = /^\s*(\S+?)\s*[:=\s]\s*(\d+)\s*$/.exec(line) ?? [];
      if (number === undefined) throw new FormProblem(`"${line}" is not a number and its limit, such as 1065: 20.`);
      return [[number, Number(perSecond)] as const];
    });
    const body = present({
      throughputPerSecond: form.number("throughputPerSecond"),
      throughputOf: own.length > 0 ? Object.fromEntries(own) : undefined,
      pair: form.isChecked("pair") || undefined,
      window: form.isChecked("window") || undefined,
    });
    return { method: "PUT", path: "/limits", body, says: "The limits apply." };
  },
  clock(form) {
    const ms = (form.number("by") ?? Number.NaN) * (perUnit[form.text("unit") ?? ""] ?? Number.NaN);
    if (!(ms >= 0)) throw new FormProblem("The clock goes forward only.");
    return { method: "POST", path: "/clock", body: { advanceMs: ms }, says: "The clock has moved." };
  },
  reset: () => ({ method: "POST", path: "/reset", says: "Everything is as at the start.", go: viewHref("chats") }),
  async import(form) {
    const file = await form.file("snapshot");
    if (!file) throw new FormProblem("Choose the file of a snapshot.");
    try {
      const body = JSON.parse(file.bytes.toString("utf8")) as object;
      return { method: "PUT", path: "/snapshot", body, says: "The snapshot is imported.", go: viewHref("chats") };
    } catch {
      throw new FormProblem("The file is not JSON.");
    }
  },
};
