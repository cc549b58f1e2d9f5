import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields, isRefusal } from "../objects/fields.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { isForWhatsApp, isNoneOf, isNot, list, ok, success, text } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";

interface ProfileDeps {
  readonly memory: Memory;
  readonly keep: number;
  readonly objects: Objects;
}

type Profile = Record<string, unknown>;

const texts: Readonly<Record<string, number>> = { about: 139, address: 256, description: 512, email: 128 };
const verticals = [
  "OTHER",
  "AUTO",
  "BEAUTY",
  "APPAREL",
  "EDU",
  "ENTERTAIN",
  "EVENT_PLAN",
  "FINANCE",
  "GROCERY",
  "GOVT",
  "HOTEL",
  "HEALTH",
  "NONPROFIT",
  "PROF_SERVICES",
  "RETAIL",
  "TRAVEL",
  "RESTAURANT",
  "ALCOHOL",
  "ONLINE_GAMBLING",
  "PHYSICAL_GAMBLING",
  "OTC_DRUGS",
  "UNDEFINED",
  "NOT_A_BIZ",
];
const optional = ["about", "address", "description", "email", "profile_picture_url", "websites", "vertical"];

/** What customers see of a number (Cloud API, "Business profiles"). It has an id of its own, under which it is the same. */
export function profileOperations({ memory, keep, objects }: ProfileDeps): readonly Operation[] {
  const numberOf = memory.map<string>("profileNumbers");
  const profileOf = perObject<Profile>(memory.map("profiles"), keep, (phoneNumberId) => {
    const id = objects.add("profile", { kind: "number", id: phoneNumberId });
    numberOf.set(id, phoneNumberId);
    return { id, messaging_product: "whatsapp", about: "Hey there! I am using WhatsApp.", vertical: "OTHER" };
  });
  const show = (profile: Profile, fields: unknown) =>
    chooseFields(fields, {
      type: "WhatsAppBusinessProfile",
      all: profile,
      defaults: ["messaging_product", ...optional],
      empty: [...optional, "account_name", "profile_picture_handle"],
    });
  const own = (id: string) => profileOf(numberOf.get(id) ?? id);

  function readOfNumber({ id, params }: Ask): Answer | GraphError {
    const shown = show(profileOf(id), params["fields"]);
    if (isRefusal(shown)) return shown;
    const { id: own, ...profile } = shown;
    const isAsked = /\bid\b/.test(text(params, "fields"));
    return ok({ data: [isAsked ? { ...profile, id: own } : profile] });
  }

  function read({ id, params }: Ask): Answer | GraphError {
    const shown = show(own(id), params["fields"]);
    return isRefusal(shown) ? shown : ok(shown);
  }

  function update({ id, params }: Ask): Answer | GraphError {
    const tooLong = Object.entries(texts)
      .map(([name, most]) => isNot(params, name, new RegExp(`^[^]{0,${most}}$`), `at most ${most} characters long`))
      .find((refusal) => refusal !== undefined);
    const refusal = isForWhatsApp(params) ?? isNoneOf(params, "vertical", verticals) ?? tooLong;
    if (refusal) return refusal;
    const websites = params["websites"] === undefined ? undefined : list(params, "websites");
    if (websites && websites.length > 2) return { code: 100, message: "Param websites must have at most 2 elements." };
    const picture = text(params, "profile_picture_handle");
    Object.assign(own(id), {
      ...Object.fromEntries(optional.filter((name) => name in params).map((name) => [name, params[name]])),
      ...(websites && { websites }),
      ...(picture !== "" && {
        profile_picture_url: `https://pps.whatsapp.net/v/${encodeURIComponent(picture)}`,
      }),
    });
    return success;
  }

  return [
    { method: "GET", on: "number", edge: "whatsapp_business_profile", answer: readOfNumber },
    { method: "POST", on: "number", edge: "whatsapp_business_profile", answer: update },
    { method: "GET", on: "profile", edge: "", answer: read },
    { method: "POST", on: "profile", edge: "", answer: update },
  ];
}
