// The serial number of an application is its requestId without dashes, and leads back to it.

/** 32 lower-case hex digits: exactly what serialNo can hold. */
export function serialNumberOf(requestId: string): string {
  const serial = requestId.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(serial)) throw new Error('a requestId is a UUID');
  return serial;
}

/** Null where it is no serial number of ours. */
export function requestIdOf(serial: string): string | null {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(
    serial.toLowerCase(),
  );
  return parts ? parts.slice(1).join('-') : null;
}
