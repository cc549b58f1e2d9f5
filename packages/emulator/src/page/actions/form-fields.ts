/** The fields of a form that was sent. */
export interface FormFields {
  /** undefined: absent or empty. */
  text(name: string): string | undefined;
  /** undefined: absent, empty or no number. */
  number(name: string): number | undefined;
  isChecked(name: string): boolean;
  /** undefined: none was chosen. */
  file(name: string): Promise<{ readonly bytes: Buffer; readonly name: string; readonly type: string } | undefined>;
}

export async function readForm(request: Request): Promise<FormFields> {
  const data = await request.formData();
  const text = (name: string) => {
    const value = data.get(name);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  return {
    text,
    number(name) {
      const value = Number(text(name) ?? Number.NaN);
      return Number.isNaN(value) ? undefined : value;
    },
    isChecked: (name) => data.get(name) !== null,
    async file(name) {
      const value = data.get(name);
      if (value === null || typeof value === "string" || value.size === 0) return undefined;
      return { bytes: Buffer.from(await value.arrayBuffer()), name: value.name, type: value.type };
    },
  };
}
