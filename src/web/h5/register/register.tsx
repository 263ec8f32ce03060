// Registering with a phone: a code is sent, and goes on to the account's own registration.
import { useState } from 'react';
import type { AccountCodePurpose } from '../../client/schema-types.generated.js';
import { useAsk } from '../asking/use-ask.js';
import { Choice } from '../elements/choice.js';
import { Form } from '../elements/form.js';
import { OperationsShown } from '../elements/operations-shown.js';
import { OutcomeNotice } from '../elements/outcome-notice.js';
import { PhoneField, phoneFault, usePhoneWords } from '../elements/phone-field.js';
import { Screen } from '../elements/screen.js';
import { SubmitButton } from '../elements/submit-button.js';
import { useWords } from '../language.js';
import { CodeSent, type Sent } from './code-sent.js';
import { RequestAccountCode } from './request-account-code.generated.js';

const words = {
  zh: {
    title: '注册验证码',
    lead: '我们会向您的手机发送一条短信。',
    sentLead: '请输入短信中的验证码。',
    purpose: '用途',
    purposes: { REGISTER: '注册新账号', RESET_PASSWORD: '找回密码' },
    send: '获取验证码',
  },
  en: {
    title: 'Register with a code',
    lead: 'We will send an SMS to your phone.',
    sentLead: 'Enter the code that the SMS brings.',
    purpose: 'What for',
    purposes: { REGISTER: 'New account', RESET_PASSWORD: 'Lost password' },
    send: 'Send me a code',
  },
};

type Purpose = Exclude<AccountCodePurpose, 'OTHER'>;
const purposes: readonly Purpose[] = ['REGISTER', 'RESET_PASSWORD'];

export function Register() {
  const text = useWords(words);
  const phoneWords = usePhoneWords();
  const { asked, ask, forget } = useAsk(RequestAccountCode);
  const [purpose, setPurpose] = useState<Purpose>('REGISTER');
  const [sent, setSent] = useState<Sent | null>(null);

  const request = async (phone: string) => {
    const outcome = await ask({ phone, purpose });
    if (outcome?.__typename === 'VerificationCodeSent') setSent({ ...outcome, phone, at: Date.now() });
  };
  const startOver = () => {
    forget();
    setSent(null);
  };

  return (
    <Screen title={text.title} lead={sent ? text.sentLead : text.lead}>
      {sent ? (
        <CodeSent sent={sent} asked={asked} onResend={() => request(sent.phone)} onChange={startOver} />
      ) : (
        <section className="card">
          <Form
            asked={asked}
            notTaken={phoneWords.wrong}
            check={({ phone }) => ({ phone: phoneFault(phone, phoneWords) })}
            onSubmit={({ phone = '' }) => request(phone)}
          >
            <Choice
              name="purpose"
              legend={text.purpose}
              value={purpose}
              options={purposes.map((value) => ({ value, label: text.purposes[value] }))}
              onChoose={setPurpose}
            />
            <PhoneField />
            <SubmitButton asked={asked}>{text.send}</SubmitButton>
          </Form>
          <OutcomeNotice asked={asked} />
        </section>
      )}
      <OperationsShown of={[RequestAccountCode]} />
    </Screen>
  );
}
