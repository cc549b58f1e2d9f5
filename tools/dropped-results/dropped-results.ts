/**
 * Finds a neverthrow Result that nobody looks at. oxlint sees a dropped ResultAsync, because that is a promise; it sees
 * neither a dropped Result nor `await f();`, which awaits a ResultAsync and drops the Result in it.
 *
 * node tools/dropped-results/dropped-results.ts [tsconfig.json]   The references of the tsconfig are checked too.
 */
import { readFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import {
  type Expression,
  isBinaryExpression,
  isExpressionStatement,
  isVoidExpression,
  type Node,
  SyntaxKind,
} from "typescript/unstable/ast";
import { API, type Project, type Type } from "typescript/unstable/sync";

const config = resolve(process.argv[2] ?? "tsconfig.json");
const api = new API({ cwd: dirname(config) });
const projects = api.updateSnapshot({ openProjects: configsFrom(config) }).getProjects();
const dropped = projects.flatMap((project) => project.rootFiles.flatMap((file) => droppedIn(project, file)));
const files = projects.flatMap(({ rootFiles }) => rootFiles).length;
api.close();

for (const line of dropped) console.error(line);
console.log(`${count(dropped.length, "dropped result")} in ${count(files, "file")}`);
process.exitCode = dropped.length > 0 || files === 0 ? 1 : 0;

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The API gives no references, hence this look into the file; a tsconfig with comments would be refused here. */
function configsFrom(file: string): string[] {
  const { references = [] }: { references?: { path: string }[] } = JSON.parse(readFileSync(file, "utf8"));
  const referred = references.map(({ path }) => resolve(dirname(file), path));
  return [file, ...referred.map((path) => (extname(path) === ".json" ? path : join(path, "tsconfig.json")))];
}

function droppedIn({ program, checker }: Project, file: string): string[] {
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`${file} is in no program.`);
  const expressions = statementsOf(source);
  return checker.getTypeAtLocation(expressions).flatMap((type, index) => {
    const expression = expressions[index];
    if (!expression || !type || !holdsResult(type)) return [];
    const { line, character } = source.getLineAndCharacterOfPosition(expression.getStart());
    return `${relative(process.cwd(), file)}:${line + 1}:${character + 1}: ${checker.typeToString(type)} is dropped`;
  });
}

function statementsOf(node: Node): Expression[] {
  const found: Expression[] = [];
  node.forEachChild((child) => {
    if (isExpressionStatement(child) && !isAssignment(child.expression)) {
      found.push(isVoidExpression(child.expression) ? child.expression.expression : child.expression);
    }
    found.push(...statementsOf(child));
  });
  return found;
}

function isAssignment(expression: Expression): boolean {
  return isBinaryExpression(expression) && expression.operatorToken.kind === SyntaxKind.EqualsToken;
}

function holdsResult(type: Type): boolean {
  if (type.isUnionType()) return type.getTypes().some(holdsResult);
  const declarations = type.getSymbol()?.declarations ?? [];
  return (
    ["Ok", "Err", "ResultAsync"].includes(type.getSymbol()?.name ?? "") &&
    declarations.some(({ path }) => path.includes("/node_modules/neverthrow/"))
  );
}
