import { isRecord, recordsAt } from "../json/records.ts";

/** Something that a customer can press or choose. */
export interface Offer {
  /** `button` and `list` of an interactive message, `template`: a quick reply of a template. */
  readonly kind: "button" | "list" | "template";
  /** What the business gets back; of a template its payload. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The buttons and rows of a message that was sent. */
export function offersOf(content: Fields): readonly Offer[] {
  return content["type"] === "template" ? quickReplies(content["template"]) : interactiveOffers(content["interactive"]);
}

/** The offer with this label or id. */
export function chosenOf(offers: readonly Offer[], wanted: string): Offer | undefined {
  const same = (text: string) => text.trim().toLowerCase() === wanted.trim().toLowerCase();
  return offers.find(({ id }) => id === wanted) ?? offers.find(({ title }) => same(title));
}

/** Buttons may lie in the cards of a carousel. */
function interactiveOffers(value: unknown): readonly Offer[] {
  if (Array.isArray(value)) return value.flatMap(interactiveOffers);
  if (!isRecord(value)) return [];
  const own = [value["reply"], value["quick_reply"]].flatMap((reply) => offerOf("button", reply));
  const rows = recordsAt(value, "rows").flatMap((row) => offerOf("list", row));
  return [...own, ...rows, ...Object.values(value).flatMap(interactiveOffers)];
}

function offerOf(kind: Offer["kind"], value: unknown): readonly Offer[] {
  const { id, title, description } = isRecord(value) ? value : {};
  if (typeof id !== "string" || typeof title !== "string") return [];
  return [{ kind, id, title, ...(typeof description === "string" && { description }) }];
}

/** A send names the payloads of quick replies, and not their labels. */
function quickReplies(template: unknown): readonly Offer[] {
  const buttons = recordsAt(template, "components").filter(
    ({ type, sub_type: subType }) =>
      String(type).toLowerCase() === "button" && String(subType).toLowerCase() === "quick_reply",
  );
  return buttons.flatMap((button) =>
    recordsAt(button, "parameters").flatMap(({ payload }) =>
      typeof payload === "string" ? [{ kind: "template" as const, id: payload, title: payload }] : [],
    ),
  );
}
