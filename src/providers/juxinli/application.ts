// The application form on the wire, v2 and v3: what is sent, its limits, and the receipt.
import { z } from 'zod';
import type { Fields } from '../../audit/declared-fields.js';
import { isMainlandMobile } from '../../phone-number.js';
import { wireText } from '../json-answer.js';
import type { ContactRelation } from './contact-types.js';
import { type DataSource, dataSourceOf, dataSourceShape } from './data-source.js';
import { type Envelope, orNothing, readEnvelope } from './wire.js';

export type ApiVersion = 'v2' | 'v3';

export function applicationsPath(version: ApiVersion, org: string): string {
  return `/orgApi/rest/${version}/applications/${org}`;
}

/** What the fields can hold. Only the ID number's and the phone's are documented; the others keep a form a form. */
export const applicationLimits = {
  /** Characters. */
  name: 60,
  /** Characters; homeAddress and workAddress. */
  address: 200,
  /** Characters; homePhone and workPhone. */
  landline: 20,
  /** Characters. */
  contactName: 60,
  contacts: 10,
  /** 18 characters; a lower-case x at the end is sent as X. */
  idNumber: /^\d{17}[\dXx]$/,
} as const;

/** v3's `code` of a receipt. Known refusals: 65545 a contact's phone is not valid, 65555 operator's maintenance. */
export const RECEIPT_CODE = '65557';

export interface Application {
  name: string;
  idNumber: string;
  /** E.164, a mainland mobile. */
  phone: string;
  homeAddress?: string | undefined;
  homePhone?: string | undefined;
  workAddress?: string | undefined;
  workPhone?: string | undefined;
  contacts?: readonly Contact[] | undefined;
}

export interface Contact {
  name: string;
  /** E.164. */
  phone: string;
  relation: ContactRelation;
}

export const applicationFields: Fields<Application> = {
  name: 'name',
  idNumber: 'idNumber',
  phone: 'phone',
  homeAddress: 'personal',
  homePhone: 'phone',
  workAddress: 'personal',
  workPhone: 'phone',
  contacts: [{ name: 'name', phone: 'phone', relation: 'clear' }],
};

export type ContactTypes = Readonly<Record<ContactRelation, string>>;

/** The form as JSON: optional keys are left out where they have no value. */
export function applicationForm(application: Application, contactTypes: ContactTypes): object {
  const { name, idNumber, phone, contacts } = application;
  return {
    basic_info: {
      name,
      id_card_num: idNumber.toUpperCase(),
      cell_phone_num: domesticNumber(phone),
      ...given('home_addr', application.homeAddress),
      ...given('work_tel', application.workPhone),
      ...given('work_addr', application.workAddress),
      ...given('home_tel', application.homePhone),
    },
    ...(contacts?.length
      ? {
          contacts: contacts.map((contact) => ({
            contact_tel: domesticNumber(contact.phone),
            contact_name: contact.name,
            contact_type: contactTypes[contact.relation],
          })),
        }
      : {}),
  };
}

function given(key: string, value: string | undefined): Record<string, string> {
  return value ? { [key]: value } : {};
}

/** As dialled within mainland China: `+8613800138000` → `13800138000`, `+861088888888` → `01088888888`. */
export function domesticNumber(e164: string): string {
  if (isMainlandMobile(e164)) return e164.slice(3);
  return e164.startsWith('+86') ? `0${e164.slice(3)}` : `00${e164.slice(1)}`;
}

export interface Receipt {
  /** Names the conversation in every later call; whoever has it can go on with it. */
  token: string;
  source: DataSource;
}

const receiptShape = orNothing(
  z.object({
    token: wireText.pipe(z.string().trim().min(1).max(128)),
    datasource: dataSourceShape,
  }),
);

/**
 * `data` is undefined where the envelope says yes to nothing, as v3 may with a code other than 65557.
 * @throws UnreadableAnswer
 */
export function readReceipt(text: string, utcOffsetMinutes: number): Envelope<Receipt | undefined> {
  const envelope = readEnvelope(text, receiptShape);
  if (!envelope.success || !envelope.data) return envelope as Envelope<undefined>;
  const { token, datasource } = envelope.data;
  return { ...envelope, data: { token, source: dataSourceOf(datasource, utcOffsetMinutes) } };
}
