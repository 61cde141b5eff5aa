/** A name and password travel only in memory: over IPC to the ONVIF child, never in arguments, environment, logs or answers. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/**
 * Takes a password out of the other side's last words, in each form it could come back in: a hostile or careless device may
 * echo what it was sent. Passwords under 4 characters are skipped: they would hide every "1" in a text, and nothing of ours sends them.
 */
export function scrub(said: string, credentials: Credentials | null): string {
  const tidy = said.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ').slice(0, SAID_CHARS_MAX * 4)
  if (!credentials) return tidy.slice(0, SAID_CHARS_MAX)
  const { user, password } = credentials
  const forms = [password, encodeURIComponent(password), Buffer.from(`${user}:${password}`).toString('base64'), JSON.stringify(password).slice(1, -1)]
  return forms.filter((form) => form.length >= 4).reduce((text, form) => text.replaceAll(form, '***'), tidy).slice(0, SAID_CHARS_MAX)
}

const SAID_CHARS_MAX = 200

/** Whether a text (say, a stream address) would give the password away. */
export function reveals(text: string, credentials: Credentials | null): boolean {
  return credentials !== null && credentials.password.length >= 4 && [credentials.password, encodeURIComponent(credentials.password)].some((form) => text.includes(form))
}
