import { err, ok, type Result } from "neverthrow";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";

import type { GraphErrorOverrides } from "./graph-error.ts";
import { graphErrorRule, unknownErrorRule } from "./error-codes/error-table.ts";
import type { GraphErrorRule } from "./error-codes/error-rule.ts";

const finalClasses = ["credentials", "permission", "account", "policy", "recipient", "request", "template"] as const;
/** Shown with messages and in logs. */
const text = z
  .string()
  .min(1)
  .max(500)
  .refine((given) => given.isWellFormed() && !/\p{Cc}/u.test(given));
const common = {
  title: text.exactOptional(),
  advice: text.exactOptional(),
  concerns: z.enum(["window", "opt-out"]).exactOptional(),
};

const ruleSchema = z.discriminatedUnion("class", [
  z.strictObject({ ...common, class: z.literal("transient"), maybe_processed: z.boolean().exactOptional() }),
  z.strictObject({
    ...common,
    class: z.literal("throttled"),
    scope: z.enum(["app", "account", "number", "maintenance", "pair"]).exactOptional(),
    wait_ms: z.int().min(0).max(300_000).exactOptional(),
  }),
  z.strictObject({ ...common, class: z.enum(finalClasses) }),
]);

const rulesSchema = z.record(z.string().regex(/^(?:0|[1-9][0-9]{0,8})$/), ruleSchema);

/** Parses the rules. Settings that a rule omits come from the table. The error names the code and the setting. */
export function parseErrorRules(text: string): Result<GraphErrorOverrides, string> {
  const value = parseJson(text);
  if (value.isErr()) return err(value.error);
  // JSON allows this key, but copies of the object lose it.
  if (Object.hasOwn(Object(value.value) as object, "__proto__")) return err("__proto__ is not an error code");
  const parsed = rulesSchema.safeParse(value.value);
  if (!parsed.success) return err(describe(parsed.error.issues[0]));
  return ok(Object.fromEntries(Object.entries(parsed.data).map(([code, rule]) => [code, ruleOf(Number(code), rule)])));
}

/** The YAML parser also accepts JSON, and reports the line of a syntax error or duplicate key. */
function parseJson(text: string): Result<unknown, string> {
  const lines = new LineCounter();
  const options = { prettyErrors: false, stringKeys: true, lineCounter: lines, logLevel: "silent" } as const;
  const [error] = parseDocument(text, options).errors;
  const where = error ? ` (${error.code}, line ${lines.linePos(error.pos[0]).line})` : "";
  try {
    const value: unknown = JSON.parse(text);
    return error ? err(`is not valid${where}`) : ok(value);
  } catch {
    return err(`is not JSON${where}`);
  }
}

function ruleOf(code: number, given: z.infer<typeof ruleSchema>): GraphErrorRule {
  const known = graphErrorRule(code) ?? unknownErrorRule({});
  const { title = known.title, advice = known.advice, concerns = known.concerns } = given;
  const said = { title, advice, ...(concerns && { concerns }) };
  switch (given.class) {
    case "transient": {
      const usually = known.class === "transient" ? known.maybeProcessed : true;
      return { ...said, class: "transient", maybeProcessed: given.maybe_processed ?? usually };
    }
    case "throttled": {
      const usual = known.class === "throttled" ? known : undefined;
      const waitMs = given.wait_ms ?? usual?.waitMs;
      const scope = given.scope ?? usual?.scope ?? "number";
      return { ...said, class: "throttled", scope, ...(waitMs !== undefined && { waitMs }) };
    }
    default:
      return { ...said, class: given.class };
  }
}

const expectations: Readonly<Record<string, string>> = {
  class: `must be one of transient, throttled, ${finalClasses.join(", ")}`,
  title: "must be a text of 1 to 500 characters, without control characters",
  advice: "must be a text of 1 to 500 characters, without control characters",
  concerns: "must be window or opt-out",
  maybe_processed: "must be true or false",
  scope: "must be one of app, account, number, maintenance, pair",
  wait_ms: "must be a whole number of milliseconds, up to 300000",
};

function describe(issue: z.core.$ZodIssue | undefined): string {
  const path = (issue?.path ?? []).map((part) => String(part).slice(0, 64));
  const rule = path.join(".") || "the file";
  switch (issue?.code) {
    case "unrecognized_keys":
      return `${rule}.${issue.keys[0]?.slice(0, 64)} is not a setting of a rule of this class`;
    case "invalid_key":
      return `${rule} is not an error code`;
    default:
      return `${rule} ${expectations[path.at(-1) ?? ""] ?? "must be an object"}`;
  }
}
