// Whose phone it is.
import { useRef, useState } from 'react';
import type {
  ContactRelation,
  StartOperatorAuthenticationInput,
} from '../../client/schema-types.generated.js';
import { useAsk } from '../asking/use-ask.js';
import { useHere } from '../asking/use-here.js';
import { Field } from '../elements/field.js';
import { Form, type Values } from '../elements/form.js';
import { OutcomeNotice } from '../elements/outcome-notice.js';
import { PhoneField, phoneFault, usePhoneWords } from '../elements/phone-field.js';
import { SubmitButton } from '../elements/submit-button.js';
import { useWords } from '../language.js';
import { open } from '../route.js';
import { sample } from '../settings.js';
import { ContactFields } from './contact-fields.js';
import { hear } from './conversation.js';
import { StartOperatorAuthentication } from './start-operator-authentication.generated.js';

const words = {
  zh: {
    name: '姓名',
    idNumber: '身份证号',
    missing: '请填写此项',
    wrongIdNumber: '请输入 18 位身份证号',
    notTaken: '请检查此项',
    further: '补充信息（选填）',
    homeAddress: '家庭住址',
    homePhone: '家庭电话',
    workAddress: '单位地址',
    workPhone: '单位电话',
    start: '提交申请',
  },
  en: {
    name: 'Name',
    idNumber: 'ID card number',
    missing: 'Please fill this in',
    wrongIdNumber: 'An ID number has 18 places',
    notTaken: 'Please check this',
    further: 'Further details (optional)',
    homeAddress: 'Home address',
    homePhone: 'Home phone',
    workAddress: 'Work address',
    workPhone: 'Work phone',
    start: 'Apply',
  },
};

export function ApplicationForm() {
  const text = useWords(words);
  const phoneWords = usePhoneWords();
  const { asked, ask } = useAsk(StartOperatorAuthentication);
  const here = useHere();
  const [contacts, setContacts] = useState(0);

  /** The numbers of the contacts that were sent: those that were left empty were not. */
  const sent = useRef<readonly number[]>([]);

  const check = (values: Values) => ({
    name: values.name ? null : text.missing,
    idNumber: /^\d{17}[\dXx]$/.test(values.idNumber ?? '') ? null : text.wrongIdNumber,
    phone: phoneFault(values.phone, phoneWords),
    ...Object.fromEntries(
      filledIn(values, contacts).flatMap((index) => [
        [`contact-${index}-name`, values[`contact-${index}-name`] ? null : text.missing],
        [`contact-${index}-phone`, phoneFault(values[`contact-${index}-phone`], phoneWords)],
      ]),
    ),
  });
  const nameOf = (path: string) => {
    const [, place, member] = /^input\.contacts\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
    return place === undefined ? path.split('.').at(-1) : `contact-${sent.current[Number(place)]}-${member}`;
  };
  const submit = async (values: Values) => {
    sent.current = filledIn(values, contacts);
    const outcome = await ask({ input: inputOf(values, sent.current) });
    if (outcome?.__typename !== 'OperatorAuthentication') return;
    hear(outcome);
    if (here.current) open('operator', outcome.id);
  };

  return (
    <section className="card">
      <Form asked={asked} notTaken={text.notTaken} check={check} nameOf={nameOf} onSubmit={submit}>
        <Field
          name="name"
          label={text.name}
          autoComplete="name"
          maxLength={60}
          defaultValue={sample('张三')}
        />
        <Field
          name="idNumber"
          label={text.idNumber}
          maxLength={18}
          autoCapitalize="characters"
          defaultValue={sample('110101190001011234')}
        />
        <PhoneField />
        <details className="further">
          <summary>{text.further}</summary>
          <Field name="homeAddress" label={text.homeAddress} autoComplete="street-address" maxLength={200} />
          <Field name="homePhone" label={text.homePhone} type="tel" maxLength={20} />
          <Field name="workAddress" label={text.workAddress} maxLength={200} />
          <Field name="workPhone" label={text.workPhone} type="tel" maxLength={20} />
          <ContactFields count={contacts} onCount={setContacts} />
        </details>
        <SubmitButton asked={asked}>{text.start}</SubmitButton>
      </Form>
      <OutcomeNotice asked={asked} />
    </section>
  );
}

/** The numbers of the contacts of whom something was said. */
function filledIn(values: Values, contacts: number): number[] {
  return Array.from({ length: contacts }, (_, index) => index).filter(
    (index) => values[`contact-${index}-name`] || values[`contact-${index}-phone`],
  );
}

function inputOf(values: Values, contacts: readonly number[]): StartOperatorAuthenticationInput {
  const { name = '', idNumber = '', phone = '' } = values;
  const given = (field: string) => (values[field] ? { [field]: values[field] } : {});
  const known = contacts.map((index) => ({
    name: values[`contact-${index}-name`] ?? '',
    phone: values[`contact-${index}-phone`] ?? '',
    relation: (values[`contact-${index}-relation`] ?? 'FRIEND') as ContactRelation,
  }));
  return {
    name,
    idNumber,
    phone,
    ...given('homeAddress'),
    ...given('homePhone'),
    ...given('workAddress'),
    ...given('workPhone'),
    ...(known.length > 0 ? { contacts: known } : {}),
  };
}
