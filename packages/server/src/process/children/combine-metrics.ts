/**
 * Combines the metrics of several processes in Prometheus' text format: each sample gets the label `process`. Sums would not do: a
 * process that is replaced begins at 0, and Prometheus would take the smaller sum for a restart of all counters.
 */
export function combineMetrics(texts: ReadonlyMap<number, string>): string {
  const families = new Map<string, { readonly head: string[]; readonly samples: string[] }>();
  for (const [number, text] of texts) {
    let current = "";
    for (const line of text.split("\n")) {
      const [, keyword, name = ""] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (keyword !== undefined) current = name;
      if (line === "" || (line.startsWith("#") && keyword === undefined)) continue;
      const family = families.get(current) ?? { head: [], samples: [] };
      families.set(current, family);
      if (keyword === undefined) family.samples.push(labeled(line, number));
      else if (!family.head.includes(line)) family.head.push(line);
    }
  }
  return Array.from(families.values(), ({ head, samples }) => [...head, ...samples, ""].join("\n")).join("\n");
}

function labeled(sample: string, number: number): string {
  const [, name = "", labels, rest = ""] = /^([^\s{]+)(?:\{(.*)\})?(\s.*)$/.exec(sample) ?? [];
  const others = labels === undefined || labels === "" ? "" : `,${labels}`;
  return `${name}{process="${number}"${others}}${rest}`;
}
