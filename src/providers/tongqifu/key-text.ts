// Keys and signatures as text: Base64 that has exactly one spelling, and PEM armour taken off.

/** Null unless it is canonical: padded, no line breaks, no stray bits. */
export function bytesOfBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : null;
}

/**
 * DER from Base64 without armour, as the platform hands keys out, or from PEM; `\n` may stand for a line's end,
 * for variables that hold one line.
 * @throws Error where it is neither
 */
export function bytesOfKey(text: string): Buffer {
  const lines = text.replaceAll('\\n', '\n').trim();
  const pem =
    /^-----BEGIN (?:PRIVATE|PUBLIC) KEY-----([\sA-Za-z0-9+/=]+)-----END (?:PRIVATE|PUBLIC) KEY-----$/.exec(
      lines,
    );
  const bytes = bytesOfBase64((pem?.[1] ?? lines).replace(/\s+/g, ''));
  if (!bytes) throw new Error('neither Base64 nor PEM');
  return bytes;
}
