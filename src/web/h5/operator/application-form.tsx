// Whose phone it is.
import { useState } from 'react';
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

  const check = ({ name, idNumber, phone }: Values) => ({
    name: name ? null : text.missing,
    idNumber: /^\d{17}[\dXx]$/.test(idNumber ?? '') ? null : text.wrongIdNumber,
    phone: phoneFault(phone, phoneWords),
  });
  const submit = async (values: Values) => {
    const outcome = await ask({ input: inputOf(values, contacts) });
    if (outcome?.__typename !== 'OperatorAuthentication') return;
    hear(outcome);
    if (here.current) open('operator', outcome.id);
  };

  return (
    <section className="card">
      <Form asked={asked} notTaken={text.notTaken} check={check} onSubmit={submit}>
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

function inputOf(values: Values, contacts: number): StartOperatorAuthenticationInput {
  const { name = '', idNumber = '', phone = '' } = values;
  const given = (field: string) => (values[field] ? { [field]: values[field] } : {});
  const known = Array.from({ length: contacts }, (_, index) => ({
    name: values[`contact-${index}-name`] ?? '',
    phone: values[`contact-${index}-phone`] ?? '',
    relation: (values[`contact-${index}-relation`] ?? 'FRIEND') as ContactRelation,
  })).filter((contact) => contact.name && contact.phone);
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
