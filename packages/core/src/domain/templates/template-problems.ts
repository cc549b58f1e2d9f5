import { elementsOf, fieldsOf } from "../../content/cross-field.ts";
import type { ContentProblem } from "../../content/parse-content.ts";
import {
  headerTypes,
  type WantedButton,
  type WantedHeader,
  type WantedParameters,
  type WantedTexts,
} from "./wanted-parameters.ts";

type Fields = Readonly<Record<string, unknown>>;
type Path = ContentProblem["path"];

/** A component of a message, with its place. */
interface Given {
  readonly path: Path;
  readonly type: string;
  readonly fields: Fields;
  readonly parameters: readonly Fields[];
}

/**
 * What WhatsApp would refuse about a message of this template, each with its path within the message's `template`: the number
 * and format of the parameters (errors 132000 and 132012), and missing parameters of URL buttons (131008). Empty where nothing
 * speaks against it.
 */
export function templateProblems(
  wanted: WantedParameters,
  components: readonly unknown[],
  at: Path = ["components"],
): readonly ContentProblem[] {
  const given = components.map((component, index) => readGiven(component, [...at, index]));
  const of = (type: string): readonly Given[] => given.filter((one) => one.type === type);
  return [
    ...(wanted.header ? headerProblems(wanted.header, of("header"), at) : []),
    ...(wanted.body ? textProblems("body", wanted.body, of("body"), at) : []),
    ...(wanted.buttons ? buttonProblems(wanted.buttons, of("button"), at) : []),
    ...(wanted.cards ? cardProblems(wanted.cards, of("carousel")) : []),
  ];
}

function headerProblems(wanted: WantedHeader, given: readonly Given[], at: Path): readonly ContentProblem[] {
  const [first] = given.flatMap(({ parameters }) => parameters);
  const type = String(first?.["type"]).toLowerCase();
  if ("names" in wanted && (wanted.names.length === 0 || !headerTypes.has(type))) {
    return textProblems("header", wanted, given, at);
  }
  const own = "type" in wanted ? wanted.type : "text";
  if (type === own) return [];
  const beside = first ? "has one of another type" : "has none";
  return [
    { path: placeOf(given, at), detail: `the header takes 1 parameter of type ${own}, and the message ${beside}` },
  ];
}

function textProblems(
  part: "header" | "body",
  { isNamed, names }: WantedTexts,
  given: readonly Given[],
  at: Path,
): readonly ContentProblem[] {
  const parameters = given.flatMap((one) => one.parameters);
  const path = placeOf(given, at);
  // No page of Meta says that numbered parameters must not have a name: only named ones are looked at by it.
  const said = parameters.flatMap(({ parameter_name: name }) => (typeof name === "string" ? [name] : []));
  const unnamed = parameters.filter(({ type, parameter_name: name }) => type === "text" && name === undefined);
  if (isNamed && unnamed.length > 0) {
    return [
      { path, detail: `the parameters of the ${part} are named: each needs its parameter_name (${names.join(", ")})` },
    ];
  }
  const missing = isNamed
    ? names.filter((name) => said.length === parameters.length && !said.includes(name))
    : names.slice(parameters.length);
  if (parameters.length === names.length && missing.length === 0) return [];
  const takes = names.length === 0 ? "no parameters" : `${counted(names.length)} (${names.map(inBraces).join(", ")})`;
  const lack =
    missing.length === 0 ? "" : `: ${missing.map(inBraces).join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  return [{ path, detail: `the ${part} takes ${takes}, and the message has ${parameters.length}${lack}` }];
}

function buttonProblems(wanted: readonly WantedButton[], given: readonly Given[], at: Path): readonly ContentProblem[] {
  const urls = new Map(
    given.flatMap((one) => (subTypeOf(one) === "url" ? [[Number(one.fields["index"]), one] as const] : [])),
  );
  const missing = wanted.flatMap(({ hasParameter }, index) => {
    const one = urls.get(index);
    if (!hasParameter || (one && one.parameters.length > 0)) return [];
    const detail = `the URL of the button at index ${index} takes 1 parameter, and the message has none`;
    return [{ path: one ? [...one.path, "parameters"] : at, detail }];
  });
  const misplaced = [...urls].flatMap(([index, { path }]) => {
    const type = wanted[index]?.type;
    if (type === undefined) {
      return [{ path: [...path, "index"], detail: `no button has this index: the template has ${wanted.length}` }];
    }
    return withoutUrl.has(type)
      ? [{ path: [...path, "index"], detail: `the button at this index is of type ${type}, which has no URL` }]
      : [];
  });
  return [...missing, ...misplaced];
}

/**
 * Types of buttons that are known to have no URL. The button of an authentication template takes a url parameter, whether WhatsApp's
 * list calls it `url` or `otp`.
 */
const withoutUrl: ReadonlySet<string> = new Set(["quick_reply", "phone_number", "copy_code", "flow", "catalog", "mpm"]);

function cardProblems(wanted: readonly WantedParameters[], given: readonly Given[]): readonly ContentProblem[] {
  return given.flatMap(({ path, fields }) =>
    elementsOf(fields["cards"]).flatMap((card, place) => {
      const { card_index: index, components } = fieldsOf(card);
      const own = wanted[Number(index)];
      return own ? templateProblems(own, elementsOf(components), [...path, "cards", place, "components"]) : [];
    }),
  );
}

function readGiven(component: unknown, path: Path): Given {
  const fields = fieldsOf(component);
  return {
    path,
    type: String(fields["type"]).toLowerCase(),
    fields,
    parameters: elementsOf(fields["parameters"]).map(fieldsOf),
  };
}

function subTypeOf({ fields }: Given): string {
  return String(fields["sub_type"]).toLowerCase();
}

function placeOf([first]: readonly Given[], at: Path): Path {
  return first ? [...first.path, "parameters"] : at;
}

function counted(count: number): string {
  return `${count} parameter${count === 1 ? "" : "s"}`;
}

function inBraces(name: string): string {
  return `{{${name}}}`;
}
