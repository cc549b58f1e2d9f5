/** A path of Graph: a version, which may be missing, and what follows it. */
export interface GraphPath {
  /** Empty: the path has none. */
  readonly version: string;
  readonly parts: readonly string[];
}

/** Meta takes paths without a version, and with a slash at the end. */
export function graphPathOf(path: string): GraphPath {
  const [version = "", ...rest] = path.split("/").filter((part) => part !== "");
  return /^v\d+\.\d+$/.test(version)
    ? { version, parts: rest }
    : { version: "", parts: version === "" ? [] : [version, ...rest] };
}
