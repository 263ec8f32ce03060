// PasswordResetRequiredStep: the person changes the password at the operator, then submits the new one.
import { Field } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { OutcomeNotice } from '../../elements/outcome-notice.js';
import { SubmitButton } from '../../elements/submit-button.js';
import { useWords } from '../../language.js';
import type { StepNamed } from '../conversation.js';
import type { Answering } from './present-step.js';
import { Prompt } from './prompt.js';
import { SubmitServicePassword } from './submit-service-password.generated.js';
import { useAnswer } from './use-answer.js';

const words = {
  zh: {
    how: '可在运营商的营业厅、App 或客服热线修改，改好后回到这里。',
    label: '新的服务密码',
    missing: '请输入新的服务密码',
    submit: '已修改，继续',
  },
  en: {
    how: "Change it at the operator's shop, app or hotline, then come back here.",
    label: 'New service password',
    missing: 'Enter the new service password',
    submit: 'Changed, go on',
  },
};

interface PasswordResetProps {
  step: StepNamed<'PasswordResetRequiredStep'>;
  answering: Answering;
}

export function PasswordReset({ step, answering }: PasswordResetProps) {
  const text = useWords(words);
  const { asked, answer } = useAnswer(SubmitServicePassword);
  return (
    <>
      <Prompt text={step.prompt} retry />
      <p>{text.how}</p>
      <Form
        check={({ password }) => ({ password: password ? null : text.missing })}
        onSubmit={({ password = '' }) => answer({ ...answering, password })}
      >
        <Field name="password" label={text.label} type="password" maxLength={64} />
        <SubmitButton asked={asked}>{text.submit}</SubmitButton>
      </Form>
      <OutcomeNotice asked={asked} />
    </>
  );
}
