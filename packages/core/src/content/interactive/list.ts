import { z } from "zod";

import { once } from "../once.ts";
import { plainText, visibleText } from "../plain-text.ts";
import {
  type Body,
  bodySchema,
  type Footer,
  footerSchema,
  type Frame,
  framed,
  headerSchemaOf,
  interactiveContent,
  type InteractiveContent,
  type TextHeader,
} from "./frame.ts";
import { sectionsOf } from "./sections.ts";

/** A menu of up to 10 rows, which a button opens. */
export interface List {
  readonly type: "list";
  readonly header?: TextHeader;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: {
    /** Up to 20 characters. */
    readonly button: string;
    /** 1–10 sections with 10 rows in total. */
    readonly sections: readonly ListSection[];
  };
}

/** A group of rows under a title. */
export interface ListSection {
  /** Up to 24 characters; required if there is more than one section. */
  readonly title?: string;
  readonly rows: readonly ListRow[];
}

/** One choice in a list. */
export interface ListRow {
  /** Up to 200 characters. The webhook of a choice returns it. */
  readonly id: string;
  /** Up to 24 characters. */
  readonly title: string;
  /** Up to 72 characters. */
  readonly description?: string;
}

const row = once(() =>
  z.looseObject({ id: visibleText(200), title: visibleText(24), description: plainText(72).optional() }),
);

/** Meta's documentation allows its body 4,096 characters; the OpenAPI file allows 1,024. @internal */
export const listSchema = once(() =>
  z.looseObject({
    header: headerSchemaOf("text").optional(),
    body: bodySchema(4096),
    footer: footerSchema().optional(),
    action: z.looseObject({ button: visibleText(20), sections: sectionsOf("rows", row(), 10) }),
  }),
);

/** A menu of up to 10 rows, which a button opens. */
export function list(
  body: string,
  button: string,
  sections: readonly ListSection[],
  frame: Frame<string | TextHeader> = {},
): InteractiveContent<List> {
  return interactiveContent({ type: "list", ...framed(body, frame), action: { button, sections } });
}
