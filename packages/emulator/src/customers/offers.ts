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

/** The buttons and rows of a message that was sent. `labels`: those of the template's quick replies, by their index. */
export function offersOf(content: Fields, labels: ReadonlyMap<number, string>): readonly Offer[] {
  return content["type"] === "template"
    ? quickReplies(content["template"], labels)
    : interactiveOffers(content["interactive"]);
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

/** A send may name the payloads of quick replies, and never their labels. Without a payload, the label is one. */
function quickReplies(template: unknown, labels: ReadonlyMap<number, string>): readonly Offer[] {
  const payloads = payloadsOf(template);
  const known = new Map<number, string>([...payloads, ...labels]);
  return [...known].map(([index, title]) => ({ kind: "template", id: payloads.get(index) ?? title, title }));
}

function payloadsOf(template: unknown): ReadonlyMap<number, string> {
  const buttons = recordsAt(template, "components").filter(
    ({ type, sub_type: subType }) =>
      String(type).toLowerCase() === "button" && String(subType).toLowerCase() === "quick_reply",
  );
  return new Map(
    buttons.flatMap((button) =>
      recordsAt(button, "parameters").flatMap(({ payload }) =>
        typeof payload === "string" ? [[Number(button["index"] ?? 0), payload] as const] : [],
      ),
    ),
  );
}

/** The labels of the quick replies of a template, by the index of the button. `components` are Meta's own. */
export function quickReplyLabels(components: readonly Fields[]): ReadonlyMap<number, string> {
  const buttons = components.filter(({ type }) => type === "BUTTONS").flatMap((one) => recordsAt(one, "buttons"));
  return new Map(
    buttons.flatMap(({ type, text }, index) =>
      type === "QUICK_REPLY" && typeof text === "string" ? [[index, text] as const] : [],
    ),
  );
}
