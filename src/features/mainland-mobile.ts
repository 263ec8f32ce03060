// Bank, operator and phone binding take mobiles of mainland China only: their fields hold 11 digits.
import { Fault } from '../errors.js';
import { isMainlandMobile } from '../phone-number.js';

/** @throws Fault BAD_USER_INPUT naming the field */
export function requireMainlandMobile(e164: string, field: string): void {
  if (isMainlandMobile(e164)) return;
  throw new Fault('BAD_USER_INPUT', { field, message: `${field} must be a mobile of mainland China.` });
}
