import { z } from "zod";

import { alwaysRun, elementsOf, fieldsOf, reportDuplicates } from "../cross-field.ts";
import { once } from "../once.ts";
import { openUnion } from "../open-union.ts";
import { visibleText } from "../plain-text.ts";
import { type CtaUrlParameters, ctaUrlParametersSchema } from "./cta-url.ts";
import {
  type Body,
  bodySchema,
  type Footer,
  footerSchema,
  type Frame,
  framed,
  type Header,
  headerSchema,
  interactiveContent,
  type InteractiveContent,
} from "./frame.ts";

/** 1–3 reply buttons. With link buttons, which come first: up to 10, of which at most 2 are links. */
export interface ReplyButtons {
  readonly type: "button";
  readonly header?: Header;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: { readonly buttons: readonly (ReplyButton | LinkButton)[] };
}

/** A button that opens a link. */
interface LinkButton {
  readonly type: "cta_url";
  readonly cta_url: CtaUrlParameters;
}

/** A button whose tap arrives as a webhook. */
export interface ReplyButton {
  readonly type: "reply";
  readonly reply: Reply;
}

/** The id and the text of a reply button. */
export interface Reply {
  /** Up to 256 characters without leading or trailing whitespace. The webhook of a tap returns it. */
  readonly id: string;
  /** Up to 20 characters, unique. */
  readonly title: string;
}

/** @internal */
export const replySchema = once(() =>
  z.looseObject({
    id: visibleText(256).refine((id) => id === id.trim(), { error: "has leading or trailing whitespace" }),
    title: visibleText(20),
  }),
);

const button = once(() =>
  openUnion("type", {
    reply: z.looseObject({ reply: replySchema() }),
    cta_url: z.looseObject({ cta_url: ctaUrlParametersSchema() }),
  }),
);

/** Up to three reply buttons; up to ten if another kind is among them, as in Meta's Direct Send. */
const buttonsSchema = once(() =>
  z
    .array(button())
    .min(1)
    .superRefine((buttonsGiven, context) => {
      const given = elementsOf(buttonsGiven);
      const max = given.every((each) => isOf(each, "reply")) ? 3 : 10;
      if (given.length > max) context.addIssue({ code: "custom", message: `has more than ${max} entries` });
      reportDuplicates(titlesIn(given), context, "is also the title of another button");
      const links = given.filter((each) => isOf(each, "cta_url"));
      if (links.length > 2) context.addIssue({ code: "custom", message: "has more than 2 link buttons" });
      if (!given.slice(0, links.length).every((each) => isOf(each, "cta_url"))) {
        context.addIssue({ code: "custom", message: "has a link button after a button of another kind" });
      }
    }, alwaysRun),
);

function isOf(button: unknown, kind: string): boolean {
  return String(fieldsOf(button)["type"]).toLowerCase() === kind;
}

function titlesIn(given: readonly unknown[]) {
  return [...given.entries()]
    .filter(([, each]) => isOf(each, "reply"))
    .map(([at, each]) => ({ path: [at, "reply", "title"], value: fieldsOf(fieldsOf(each)["reply"])["title"] }))
    .filter(({ value }) => value !== undefined);
}

/** @internal */
export const replyButtonsSchema = once(() =>
  z.looseObject({
    header: headerSchema().optional(),
    body: bodySchema(1024),
    footer: footerSchema().optional(),
    action: z.looseObject({ buttons: buttonsSchema() }),
  }),
);

/** 1–3 reply buttons. */
export function buttons(body: string, replies: readonly Reply[], frame: Frame = {}): InteractiveContent<ReplyButtons> {
  const action = { buttons: replies.map((reply) => ({ type: "reply", reply }) as const) };
  return interactiveContent({ type: "button", ...framed(body, frame), action });
}
