import type { Person } from "./audience.ts";
import { isRecord } from "../json/records.ts";
import type { GraphError } from "./graph-error.ts";
import type { GraphState } from "./graph-state.ts";
import { mediaIds } from "./messages/media-objects.ts";
import { isFilled, typeOf } from "./messages/message.ts";
import { refusalOfTemplate, templateOf } from "./templates.ts";

type Body = Readonly<Record<string, unknown>>;

/** Who a message is for; where it names both, its `to`. */
export function personOf(body: Body, phoneNumberId: string, { resolve }: GraphState): Person {
  if (!isFilled(body["to"])) return { phoneNumberId, userId: String(body["recipient"]) };
  return { phoneNumberId, waId: resolve(body["to"].replace(/\D/g, "")) };
}

/** Why a message that is well-formed cannot be sent to this person now. */
export function refusalOfAdmission(body: Body, person: Person, state: GraphState): GraphError | undefined {
  return (
    refusalOfMedia(body, person, state) ??
    refusalOfTemplateFor(body, person, state) ??
    state.limiter.refusalOf(person, typeOf(body) === "template")
  );
}

function refusalOfMedia(body: Body, { phoneNumberId }: Person, { strict, media }: GraphState): GraphError | undefined {
  if (!strict.media) return undefined;
  const unknown = mediaIds(body).find(({ id }) => !media.has(phoneNumberId, id));
  if (!unknown) return undefined;
  const message = `Param ${unknown.at}['id'] is not a valid whatsapp business account media attachment ID`;
  return { code: 100, message, details: message };
}

function refusalOfTemplateFor(body: Body, person: Person, state: GraphState): GraphError | undefined {
  if (typeOf(body) !== "template" || !isRecord(body["template"])) return undefined;
  const seed = templateOf(state.templates, body);
  if (!seed || "code" in seed) return seed;
  if (seed.category === "authentication" && person.waId === undefined) {
    return { code: 131062, details: "Authentication templates cannot be sent to a business-scoped user id." };
  }
  const refusal = refusalOfTemplate(seed, body["template"]["components"]);
  if (refusal) return refusal;
  return seed.category === "marketing" && state.audience.hasStoppedMarketing(person)
    ? { code: 131050, details: "The recipient has chosen to stop receiving marketing messages." }
    : undefined;
}
