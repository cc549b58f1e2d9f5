/** Sets `key`. When the map then has more than `keep` entries, drops the oldest and returns its value. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, keep: number): V | undefined {
  map.set(key, value);
  if (map.size <= keep) return undefined;
  const [oldest] = map;
  if (!oldest) return undefined;
  map.delete(oldest[0]);
  return oldest[1];
}
