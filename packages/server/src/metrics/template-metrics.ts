import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";

/** The lists of templates that messages are compared with. */
export function createTemplateMetrics({ counter }: Instruments): Handlers<"TemplatesRead" | "TemplatesUnavailable"> {
  const lists = counter({
    name: "template_lists_total",
    help: "Lists of an account's templates that were asked for: read, or failed. While it fails, messages are not checked.",
    labels: ["result"],
  });
  const [read, failed] = [lists.labels("read"), lists.labels("failed")];
  return { TemplatesRead: () => read.inc(), TemplatesUnavailable: () => failed.inc() };
}
