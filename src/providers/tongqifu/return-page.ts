// What the browser brings back from the signing page. Nobody signed it: it is for display, and changes nothing.
// Source: 通企付 "页面跳转说明". Its phone is String(2) there, a misprint for 11.
import { requestIdOf } from './binding-id.js';
import { memberIdPattern } from './wire.js';

export interface BrowserReturn {
  /** Of the application; null where the query holds no serial number of ours. */
  requestId: string | null;
  memberId: string | undefined;
  /** What the page claims: bindResult is 1. */
  saysBound: boolean;
  /** E.164. */
  phone: string | undefined;
}

/** Fields that are repeated, or of another form than documented, count as absent. */
export function readBrowserReturn(query: URLSearchParams): BrowserReturn {
  const once = (name: string) => {
    const values = query.getAll(name);
    return values.length === 1 ? values[0] : undefined;
  };
  const memberId = once('signNum');
  const phone = once('phone');
  return {
    requestId: requestIdOf(once('reqTraceNum') ?? ''),
    memberId: memberId !== undefined && memberIdPattern.test(memberId) ? memberId : undefined,
    saysBound: once('bindResult') === '1',
    phone: phone !== undefined && /^1\d{10}$/.test(phone) ? `+86${phone}` : undefined,
  };
}
