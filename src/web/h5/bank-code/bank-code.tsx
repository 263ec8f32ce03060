// A code for an operation of the bank; the bank's next operation asks for the code and the taskId.
import { useState } from 'react';
import type { BankCodePurpose } from '../../client/schema-types.generated.js';
import { useAsk } from '../asking/use-ask.js';
import { Field, Select } from '../elements/field.js';
import { Form, type Values } from '../elements/form.js';
import { OperationsShown } from '../elements/operations-shown.js';
import { OutcomeNotice } from '../elements/outcome-notice.js';
import { PhoneField, phoneFault, usePhoneWords } from '../elements/phone-field.js';
import { Screen } from '../elements/screen.js';
import { SubmitButton } from '../elements/submit-button.js';
import { useLanguage, useWords } from '../language.js';
import { sample } from '../settings.js';
import { SignedIn } from '../signing-in/signed-in.js';
import { BankCodeSent, type SentByBank } from './bank-code-sent.js';
import { purposeGroups, purposeWords } from './purposes.js';
import { RequestBankCode } from './request-bank-code.generated.js';

const words = {
  zh: {
    title: '银行验证码',
    lead: '民生银行发送短信，用于它的下一步操作。',
    purpose: '业务场景',
    school: '学校编号',
    person: '学生或教职工编号',
    missing: '请填写此项',
    notTaken: '请检查此项',
    send: '获取验证码',
  },
  en: {
    title: 'Bank code',
    lead: "China Minsheng Bank sends an SMS; the code is for the bank's next operation.",
    purpose: 'What for',
    school: 'School number',
    person: 'Number of student or teacher',
    missing: 'Please fill this in',
    notTaken: 'Please check this',
    send: 'Send me a code',
  },
};

export function BankCode() {
  const { title, lead } = useWords(words);
  return (
    <Screen title={title} lead={lead}>
      <SignedIn>
        <BankCodeForm />
      </SignedIn>
      <OperationsShown of={[RequestBankCode]} />
    </Screen>
  );
}

function BankCodeForm() {
  const text = useWords(words);
  const language = useLanguage();
  const phoneWords = usePhoneWords();
  const { asked, ask } = useAsk(RequestBankCode);
  const [sent, setSent] = useState<SentByBank | null>(null);

  const request = async ({ phone = '', schoolId = '', personId = '', purpose }: Values) => {
    const bank = { phone, schoolId, personId, purpose: purpose as BankCodePurpose };
    const outcome = await ask({ bank });
    setSent(outcome?.__typename === 'VerificationCodeSent' ? { ...outcome, at: Date.now() } : null);
  };
  const check = ({ phone, schoolId, personId }: Values) => ({
    schoolId: schoolId ? null : text.missing,
    personId: personId ? null : text.missing,
    phone: phoneFault(phone, phoneWords),
  });

  return (
    <section className="card">
      <Form asked={asked} notTaken={text.notTaken} check={check} onSubmit={request}>
        <Select name="purpose" label={text.purpose} defaultValue="OPEN_ACCOUNT">
          {purposeGroups.map((group) => (
            <optgroup key={group.title.en} label={group.title[language]}>
              {group.purposes.map((purpose) => (
                <option key={purpose} value={purpose}>
                  {purposeWords[purpose][language]}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
        <Field name="schoolId" label={text.school} maxLength={64} defaultValue={sample('S1')} />
        <Field name="personId" label={text.person} maxLength={64} defaultValue={sample('P2')} />
        <PhoneField />
        <SubmitButton asked={asked}>{text.send}</SubmitButton>
      </Form>
      <OutcomeNotice asked={asked} />
      <div className="outcome" role="status">
        {sent && asked.status === 'ANSWERED' && <BankCodeSent sent={sent} />}
      </div>
    </section>
  );
}
