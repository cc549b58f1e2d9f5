/** Takes one step of the walk and prints how long it took. An error says which step it was. */
export async function step<T>(name: string, take: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    const result = await take();
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${name}`);
    return result;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The stranger failed to: ${name}\n${reason}`, { cause: error });
  }
}
