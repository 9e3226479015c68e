// Keys that pages make themselves, also without TLS, where `crypto.randomUUID` is missing.

/** Return a new idempotency key: 32 hexadecimal digits. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
