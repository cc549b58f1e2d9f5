/** Named collections, which can be saved and restored as one. */
export interface Memory {
  /** The collection of this name. Its values are JSON: what they refer to is theirs alone. Throws when there is one. */
  map<T>(name: string): Map<string, T>;
  /** The collections that are not empty. */
  save(): SavedMemory;
  /** Replaces the collections that are given. Throws on one that does not exist. */
  restore(saved: SavedMemory): void;
}

export type SavedMemory = Readonly<Record<string, readonly (readonly [key: string, value: unknown])[]>>;

export function createMemory(): Memory {
  const maps = new Map<string, Map<string, unknown>>();

  return {
    map<T>(name: string) {
      if (maps.has(name)) throw new Error(`There are two collections ${name}.`);
      const made = new Map<string, T>();
      maps.set(name, made);
      return made;
    },
    save: () => Object.fromEntries([...maps].flatMap(([name, map]) => (map.size > 0 ? [[name, [...map]]] : []))),
    restore(saved) {
      for (const [name, entries] of Object.entries(saved)) {
        const map = maps.get(name);
        if (!map) throw new Error(`There is no collection ${JSON.stringify(name)}.`);
        map.clear();
        for (const [key, value] of entries) map.set(key, value);
      }
    },
  };
}
