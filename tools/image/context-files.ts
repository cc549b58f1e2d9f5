import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";

/** The files that `COPY . .` copies: what is in Git, without what `.dockerignore` leaves out. */
export function contextFiles(source: string): readonly string[] {
  const ignored = readFileSync(join(source, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  const tracked = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: source })
    .toString()
    .split("\0")
    .filter(Boolean);
  return tracked.filter((file) => !parents(file).some((path) => ignored.some((glob) => matchesGlob(path, glob))));
}

/** The file and each folder that it is in. */
function parents(file: string): readonly string[] {
  const parts = file.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
