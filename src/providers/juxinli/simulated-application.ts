// What the sandbox's Juxinli objects to in an application form.

/** v3 names some faults with a code of their own. */
export interface ApplicationFault {
  message: string;
  code?: number;
}

const texts = ['home_addr', 'home_tel', 'work_addr', 'work_tel', 'cell_phone_num2'] as const;

/** Undefined where the form is in order. The ID number's check digit is not looked at: people here are invented. */
export function applicationFault(form: Record<string, unknown>): ApplicationFault | undefined {
  const person = form.basic_info;
  if (!isRecord(person)) return missing('basic_info');
  for (const key of ['name', 'id_card_num', 'cell_phone_num']) {
    if (typeof person[key] !== 'string' || person[key] === '') return missing(`basic_info.${key}`);
  }
  // Only an upper-case X is taken.
  if (!/^\d{17}[\dX]$/.test(person.id_card_num as string)) return { message: '身份证号格式错误' };
  if (!/^1[3-9]\d{9}$/.test(person.cell_phone_num as string)) return { message: '手机号格式错误' };
  for (const key of texts) {
    if (person[key] !== undefined && typeof person[key] !== 'string') return wrong(`basic_info.${key}`);
  }
  return contactsFault(form.contacts) ?? selectionFault(form);
}

function contactsFault(contacts: unknown): ApplicationFault | undefined {
  if (contacts === undefined) return undefined;
  if (!Array.isArray(contacts)) return wrong('contacts');
  for (const contact of contacts) {
    if (!isRecord(contact)) return wrong('contacts');
    const { contact_tel, contact_name, contact_type } = contact;
    if (typeof contact_name !== 'string' || contact_name === '') return missing('contacts.contact_name');
    if (typeof contact_type !== 'string' || !/^\d$/.test(contact_type)) return wrong('contacts.contact_type');
    if (typeof contact_tel !== 'string' || !/^[\d-]{7,20}$/.test(contact_tel)) {
      return { message: '紧急联系人电话无效', code: 65545 };
    }
  }
  return undefined;
}

function selectionFault(form: Record<string, unknown>): ApplicationFault | undefined {
  const { selected_website: selected = [], skip_mobile: skip = false } = form;
  if (!Array.isArray(selected)) return wrong('selected_website');
  if (typeof skip !== 'boolean') return wrong('skip_mobile');
  if (skip && selected.length === 0) return missing('selected_website');
  return undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(field: string): ApplicationFault {
  return { message: `缺少参数: ${field}` };
}

function wrong(field: string): ApplicationFault {
  return { message: `参数错误: ${field}` };
}
