import { z } from "zod";

import { words } from "./plain-text.ts";

/** Meta's text object. Meta: "body: 1 to 4096 characters". */
export const textContent = z.looseObject({ body: words(4096), preview_url: z.boolean().optional() });
