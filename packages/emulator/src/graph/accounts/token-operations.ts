import type { Answer } from "../../http/answer.ts";
import type { Tokens } from "../access/tokens.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { ok } from "../objects/parameters.ts";
import { sandboxApp } from "./sandbox-app.ts";

/** `GET /debug_token`, which describes any token, valid or not (Graph API, "Debug Token"). */
export function tokenOperations(tokens: () => Tokens): readonly Operation[] {
  function describe({ params }: Ask): Answer {
    const { input_token: input } = params;
    const verdict = typeof input === "string" ? tokens().verdict(input, "") : "unknown";
    const isValid = verdict === "valid" || verdict === "foreign";
    const scopes = isValid ? ["whatsapp_business_management", "whatsapp_business_messaging"] : [];
    const { id, name } = sandboxApp;
    return ok({
      data: { app_id: id, application: name, type: "SYSTEM_USER", is_valid: isValid, expires_at: 0, scopes },
    });
  }

  return [{ method: "GET", on: "root", edge: "debug_token", answer: describe }];
}
