import { z } from "zod";

import { cardIndex } from "./carousel.ts";
import { knownOrOther } from "./known-or-other.ts";
import { templateButton } from "./template-button.ts";
import { bodyParameters, headerParameters } from "./template-parameters.ts";
import { wholeNumber } from "./whole-number.ts";
import { note } from "./words.ts";

const end = z.looseObject({ expiration_time_ms: wholeNumber(0, Number.MAX_SAFE_INTEGER) });
const offer = knownOrOther("type", { limited_time_offer: z.looseObject({ limited_time_offer: end }) });

const parts = {
  header: z.looseObject({ parameters: headerParameters.optional() }),
  body: z.looseObject({ parameters: bodyParameters.optional() }),
  button: templateButton,
};

const card = z.looseObject({ card_index: cardIndex, components: z.array(knownOrOther("type", parts)) });

const component = knownOrOther("type", {
  ...parts,
  limited_time_offer: z.looseObject({ parameters: z.array(offer).max(1) }),
  carousel: z.looseObject({ cards: z.array(card).min(1).max(10) }),
});

/** Meta's template object. The documentation allows a name no hyphen, and Meta's own examples have one. */
export const templateContent = z.looseObject({
  name: z.string().regex(/^[a-z0-9_-]{1,512}$/, { error: "is not 1–512 of a–z, 0–9, _ and -" }),
  language: z.looseObject({
    code: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, { error: "is not the code of a language" }),
    policy: note().optional(),
  }),
  components: z.array(component).optional(),
});
