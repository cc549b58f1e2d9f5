import { Option } from "commander";

/** `--json` of a command that prints JSON in any case, so that a script can give it to all commands. */
export function alwaysJson(): Option {
  return new Option("--json", "print JSON: this command prints nothing else");
}
