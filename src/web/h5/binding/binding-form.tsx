// The application: whose phone it is decides what is asked for.
import { useState } from 'react';
import type { BindPhoneInput } from '../../client/schema-types.generated.js';
import { useAsk } from '../asking/use-ask.js';
import { useHere } from '../asking/use-here.js';
import { Choice } from '../elements/choice.js';
import { Field } from '../elements/field.js';
import { Form, type Values } from '../elements/form.js';
import { OutcomeNotice } from '../elements/outcome-notice.js';
import { PhoneField, phoneFault, usePhoneWords } from '../elements/phone-field.js';
import { SubmitButton } from '../elements/submit-button.js';
import { useWords } from '../language.js';
import { open } from '../route.js';
import { sample } from '../settings.js';
import { BindPhone } from './bind-phone.generated.js';
import { justApplied } from './standing.js';
import { usePolled } from './use-polled.js';

const words = {
  zh: {
    whose: '绑定谁的手机号',
    kinds: { LEGAL_PERSON: '法人', ONLINE: '线上授权', OFFLINE: '线下授权' },
    explained: {
      LEGAL_PERSON: '法人的手机号：短信验证码确认。',
      ONLINE: '被授权人的手机号：在签约页面线上签署。',
      OFFLINE: '被授权人的手机号：凭已上传的授权协议，由服务方审核。',
    },
    member: '企业会员编号',
    name: '被授权人姓名',
    idNumber: '被授权人身份证号',
    file: '授权协议文件编号',
    missing: '请填写此项',
    wrongIdNumber: '请检查身份证号',
    notTaken: '请检查此项',
    apply: '提交申请',
    polling: '正在向服务方确认结果，确认期间不会重复提交。',
  },
  en: {
    whose: 'Whose phone',
    kinds: { LEGAL_PERSON: 'Legal person', ONLINE: 'Signs online', OFFLINE: 'On paper' },
    explained: {
      LEGAL_PERSON: "The legal person's phone: confirmed by a code.",
      ONLINE: "An authorised person's phone: signed online on a page.",
      OFFLINE: "An authorised person's phone: reviewed with the uploaded agreement.",
    },
    member: 'Member number of the company',
    name: 'Name of the authorised person',
    idNumber: 'ID card number of that person',
    file: 'File number of the agreement',
    missing: 'Please fill this in',
    wrongIdNumber: 'Please check the ID number',
    notTaken: 'Please check this',
    apply: 'Apply',
    polling: 'Finding out from the provider; nothing is submitted twice meanwhile.',
  },
};

type Kind = keyof (typeof words)['zh']['kinds'];
const kinds: readonly Kind[] = ['LEGAL_PERSON', 'ONLINE', 'OFFLINE'];

export function BindingForm() {
  const text = useWords(words);
  const phoneWords = usePhoneWords();
  const { asked, ask } = useAsk(BindPhone);
  const here = useHere();
  const [kind, setKind] = useState<Kind>('ONLINE');

  const apply = async (input: BindPhoneInput) => {
    const outcome = await ask({ input });
    if (outcome?.__typename === 'PhoneBinding') {
      justApplied.set(outcome);
      if (here.current) open('binding', outcome.id);
    }
    return outcome;
  };
  const { polling, askUntilTold } = usePolled(apply);
  const check = ({ memberId, phone, name, idNumber, agreementFileId }: Values) => ({
    memberId: memberId ? null : text.missing,
    phone: phoneFault(phone, phoneWords),
    name: kind === 'LEGAL_PERSON' || name ? null : text.missing,
    idNumber: kind === 'LEGAL_PERSON' || /^\d{17}[\dXx]$/.test(idNumber ?? '') ? null : text.wrongIdNumber,
    agreementFileId: kind !== 'OFFLINE' || agreementFileId ? null : text.missing,
  });

  return (
    <section className="card">
      <Form
        asked={asked}
        notTaken={text.notTaken}
        check={check}
        onSubmit={(values) => askUntilTold(inputOf(kind, values))}
      >
        <Choice
          name="kind"
          legend={text.whose}
          value={kind}
          options={kinds.map((value) => ({ value, label: text.kinds[value] }))}
          onChoose={setKind}
        />
        <p className="explained">{text.explained[kind]}</p>
        <Field name="memberId" label={text.member} maxLength={30} defaultValue={sample('M1')} />
        <PhoneField />
        {kind !== 'LEGAL_PERSON' && (
          <>
            <Field name="name" label={text.name} maxLength={60} defaultValue={sample('张三')} />
            <Field
              name="idNumber"
              label={text.idNumber}
              maxLength={18}
              autoCapitalize="characters"
              defaultValue={sample('110101190001011234')}
            />
          </>
        )}
        {kind === 'OFFLINE' && (
          <Field name="agreementFileId" label={text.file} maxLength={100} defaultValue={sample('FILE-1')} />
        )}
        <SubmitButton asked={asked}>{text.apply}</SubmitButton>
      </Form>
      <OutcomeNotice asked={asked} />
      <p className="field-hint" role="status">
        {polling && text.polling}
      </p>
    </section>
  );
}

function inputOf(kind: Kind, values: Values): BindPhoneInput {
  const { memberId = '', phone = '', name = '', idNumber = '', agreementFileId = '' } = values;
  if (kind === 'LEGAL_PERSON') return { memberId, phone };
  const person = { authorisation: kind, name, idNumber };
  return {
    memberId,
    phone,
    authorisedPerson: kind === 'OFFLINE' ? { ...person, agreementFileId } : person,
  };
}
