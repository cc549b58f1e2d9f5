const soonMs = 300;

/** What a slow reading gives if it is there soon, else `otherwise`: the page shows the rest meanwhile. */
export async function soon<T>(reading: Promise<T>, otherwise: T | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T | undefined>((resolve) => {
    timer = setTimeout(resolve, soonMs, otherwise);
  });
  try {
    return await Promise.race([reading.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
