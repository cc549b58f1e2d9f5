import { z } from "zod";

import { besideOthers, elementsOf, fieldsOf, reportRepeats } from "../cross-field.ts";
import { body, ctaUrlParameters, footer, header, reply } from "./frame.ts";
import { knownOrOther } from "../open-union.ts";

const button = knownOrOther("type", {
  reply: z.looseObject({ reply }),
  cta_url: z.looseObject({ cta_url: ctaUrlParameters }),
});

/** Three that answer; where another kind is among them, as in Meta's Direct Send, ten. */
const buttons = z
  .array(button)
  .min(1)
  .superRefine((buttonsGiven, context) => {
    const given = elementsOf(buttonsGiven);
    const most = given.every((each) => isOf(each, "reply")) ? 3 : 10;
    if (given.length > most) context.addIssue({ code: "custom", message: `has more than ${most} entries` });
    reportRepeats(titlesIn(given), context, "is the title of another button too");
    const links = given.filter((each) => isOf(each, "cta_url"));
    if (links.length > 2) context.addIssue({ code: "custom", message: "has more than 2 links" });
    if (!given.slice(0, links.length).every((each) => isOf(each, "cta_url"))) {
      context.addIssue({ code: "custom", message: "does not have its links first" });
    }
  }, besideOthers);

function isOf(button: unknown, kind: string): boolean {
  return String(fieldsOf(button)["type"]).toLowerCase() === kind;
}

function titlesIn(given: readonly unknown[]) {
  return [...given.entries()]
    .filter(([, each]) => isOf(each, "reply"))
    .map(([at, each]) => ({ path: [at, "reply", "title"], value: fieldsOf(fieldsOf(each)["reply"])["title"] }))
    .filter(({ value }) => value !== undefined);
}

/** Meta's `interactive` of type `button`. */
export const replyButtons = z.looseObject({
  header: header.optional(),
  body: body(1024),
  footer: footer.optional(),
  action: z.looseObject({ buttons }),
});
