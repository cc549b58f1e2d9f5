/** Whether a body is read as a form of one text. JSON that a client sends with the type of a form is read as JSON. */
export function isUrlEncodedForm(contentType: string, text: string): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(contentType) && !/^\s*\{/.test(text);
}
