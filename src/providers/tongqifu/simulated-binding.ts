// The applications that the simulated platform remembers, up to a bound, and the checks of one.

import type { SigningKeys } from './signature.js';
import { decryptByAnyMode, merchant } from './simulated-merchant.js';
import { type CheckedRequest, type Fault, objectOf, wrong } from './simulated-request.js';
import type { BindingKind } from './status.js';
import { CHANNEL, idNumberPattern } from './wire.js';

export interface SimulatedBinding {
  trace: string;
  serial: string;
  memberId: string;
  /** 11 digits. */
  phone: string;
  kind: BindingKind;
  keys: SigningKeys;
  notifyUrl: string;
  jumpUrl: string;
  personName: string;
  /** From the SMS; the legal person's only. */
  code: string;
  codeValidUntil: number;
  wrongCodes: number;
  /** bindResult, once it has ended. */
  ended?: string;
}

/** What an application says of whose phone it is; the document's conditions between its fields. */
export function readApplication({
  field,
}: CheckedRequest): { fault: Fault } | { kind: BindingKind; personName: string } {
  if (!isWebAddress(field('notifyUrl'))) return wrong('notifyUrl');
  const type = field('phoneType');
  if (type !== '1' && type !== '2') return wrong('phoneType');
  const person = type === '2' ? readPerson(field('authPerInfo')) : undefined;
  if (person && 'fault' in person) return person;
  const kind = person?.kind ?? 'LEGAL_PERSON';
  // 仅绑定类型为2且授权类型为1上送
  if (kind === 'ONLINE' ? !isWebAddress(field('jumpUrl')) : field('jumpUrl') !== '') return wrong('jumpUrl');
  return { kind, personName: person?.personName ?? '' };
}

function readPerson(text: string): { fault: Fault } | { kind: BindingKind; personName: string } {
  const person = objectOf(text);
  if (!person) return wrong('authPerInfo');
  const given = (name: string, longest: number) => {
    const value = person[name];
    return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
  };
  const type = given('authPerType', 60);
  if (type !== '1' && type !== '2') return wrong('authPerType');
  const personName = given('authPerName', 60);
  if (personName === undefined) return wrong('authPerName');
  const idNumber = given('authPerIdNo', 200);
  if (idNumber === undefined || !decryptByAnyMode(idNumber, idNumberPattern)) return wrong('authPerIdNo');
  if (given('authPerIdType', 2) !== '1') return wrong('authPerIdType');
  const hasFile = given('authProcotolFileId', 100) !== undefined;
  // 仅授权类型为2时传
  if (type === '2' ? !hasFile : 'authProcotolFileId' in person) return wrong('authProcotolFileId');
  return { kind: type === '1' ? 'ONLINE' : 'OFFLINE', personName };
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '');
}

/** What a notice holds, but for its signature; empty fields are there and are not signed. */
export function noticeOf(binding: SimulatedBinding, bindResult: string): Record<string, string> {
  return {
    mchNo: merchant.mchNo,
    appId: merchant.appId,
    orgId: '',
    signType: binding.keys.signType,
    bizUserId: binding.memberId,
    chanNo: CHANNEL,
    phone: binding.phone,
    reqTraceNum: binding.serial,
    applyRespTraceNum: binding.trace,
    bindResult,
    extParam: '',
  };
}

/** A map that forgets its oldest entries, for a sandbox that runs for weeks. */
export class BoundedMap<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(private readonly bound: number) {}

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  set(key: string, value: Value): void {
    this.entries.set(key, value);
    if (this.entries.size <= this.bound) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }
}
