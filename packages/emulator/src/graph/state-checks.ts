import { isRecord } from "../json/records.ts";
import type { GraphError } from "./graph-error.ts";
import type { GraphState } from "./graph-state.ts";
import { mediaIds } from "./messages/media-objects.ts";
import { typeOf } from "./messages/message.ts";
import type { Person } from "./people/audience.ts";
import { checkTemplate } from "./templates/template-check.ts";
import type { StoredTemplate } from "./templates/template-store.ts";

type Body = Readonly<Record<string, unknown>>;
type Found = StoredTemplate | GraphError | undefined;

/** The template of a message; undefined: the message has none, or nothing is known of it. */
export function templateFor(body: unknown, phoneNumberId: string, { templates, accountOf }: GraphState): Found {
  if (!isRecord(body) || typeOf(body) !== "template") return undefined;
  return templates.namedBy(body, accountOf(phoneNumberId));
}

/** Checks that WhatsApp would send a well-formed message to this person now. */
export function checkAgainstState(
  body: Body,
  person: Person,
  template: Found,
  state: GraphState,
): GraphError | undefined {
  return (
    checkSender(person, state) ??
    checkMediaIds(body, person, state) ??
    checkTemplateFor(body, person, template, state) ??
    state.limiter.check(person, typeOf(body) === "template")
  );
}

function checkSender({ phoneNumberId, groupId }: Person, { numbers, objects }: GraphState): GraphError | undefined {
  if (groupId !== undefined && objects.isGone(groupId)) {
    return { code: 131009, details: "Parameter to is not the id of a group." };
  }
  return numbers.isRegistered(phoneNumberId)
    ? undefined
    : { code: 133010, details: "The phone number is not registered on the Cloud API." };
}

function checkMediaIds(body: Body, { phoneNumberId }: Person, { strict, media }: GraphState): GraphError | undefined {
  if (!strict.media) return undefined;
  const unknown = mediaIds(body).find(({ id }) => !media.has(phoneNumberId, id));
  if (!unknown) return undefined;
  return {
    code: 100,
    message: `Param ${unknown.at}['id'] is not a valid whatsapp business account media attachment ID`,
  };
}

function checkTemplateFor(body: Body, person: Person, found: Found, state: GraphState): GraphError | undefined {
  if (!found || !("id" in found) || !isRecord(body["template"])) return found as GraphError | undefined;
  if (found.category === "authentication" && person.waId === undefined) {
    return { code: 131062, details: "Authentication templates cannot be sent to a business-scoped user id." };
  }
  const refusal = checkTemplate(found, body["template"]["components"]);
  if (refusal) return refusal;
  return found.category === "marketing" && state.audience.hasStoppedMarketing(person)
    ? { code: 131050, details: "The recipient has chosen to stop receiving marketing messages." }
    : undefined;
}
