import { isRecord } from "../json/records.ts";
import type { Person } from "./people/audience.ts";
import type { GraphError } from "./graph-error.ts";
import type { GraphState } from "./graph-state.ts";
import { mediaIds } from "./messages/media-objects.ts";
import { typeOf } from "./messages/message.ts";
import { checkTemplate, templateOf } from "./templates.ts";

type Body = Readonly<Record<string, unknown>>;

/** Checks that WhatsApp would send a well-formed message to this person now. */
export function checkAgainstState(body: Body, person: Person, state: GraphState): GraphError | undefined {
  return (
    checkMediaIds(body, person, state) ??
    checkTemplateFor(body, person, state) ??
    state.limiter.check(person, typeOf(body) === "template")
  );
}

function checkMediaIds(body: Body, { phoneNumberId }: Person, { strict, media }: GraphState): GraphError | undefined {
  if (!strict.media) return undefined;
  const unknown = mediaIds(body).find(({ id }) => !media.has(phoneNumberId, id));
  if (!unknown) return undefined;
  const message = `Param ${unknown.at}['id'] is not a valid whatsapp business account media attachment ID`;
  return { code: 100, message, details: message };
}

function checkTemplateFor(body: Body, person: Person, state: GraphState): GraphError | undefined {
  if (typeOf(body) !== "template" || !isRecord(body["template"])) return undefined;
  const seed = templateOf(state.templates, body);
  if (!seed || "code" in seed) return seed;
  if (seed.category === "authentication" && person.waId === undefined) {
    return { code: 131062, details: "Authentication templates cannot be sent to a business-scoped user id." };
  }
  const refusal = checkTemplate(seed, body["template"]["components"]);
  if (refusal) return refusal;
  return seed.category === "marketing" && state.audience.hasStoppedMarketing(person)
    ? { code: 131050, details: "The recipient has chosen to stop receiving marketing messages." }
    : undefined;
}
