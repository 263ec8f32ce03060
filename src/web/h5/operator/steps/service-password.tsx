// ServicePasswordStep: the password with which the person signs in at the operator, or at a shop that follows.
import { Field } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { OutcomeNotice } from '../../elements/outcome-notice.js';
import { SubmitButton } from '../../elements/submit-button.js';
import { useWords } from '../../language.js';
import type { Authentication, StepNamed } from '../conversation.js';
import type { Answering } from './present-step.js';
import { Prompt } from './prompt.js';
import { SubmitServicePassword } from './submit-service-password.generated.js';
import { useAnswer } from './use-answer.js';

const words = {
  zh: {
    account: '登录账号',
    accountHint: '留空则使用手机号',
    service: '服务密码',
    shop: '登录密码',
    missing: '请输入密码',
    submit: '下一步',
    safe: '密码只用于本次验证，不会被保存。',
  },
  en: {
    account: 'Login name',
    accountHint: 'Leave empty to use the phone number',
    service: 'Service password',
    shop: 'Password',
    missing: 'Enter the password',
    submit: 'Next',
    safe: 'The password is used for this once and kept nowhere.',
  },
};

interface ServicePasswordProps {
  step: StepNamed<'ServicePasswordStep'>;
  answering: Answering;
  dataSource: Authentication['dataSource'];
}

export function ServicePassword({ step, answering, dataSource }: ServicePasswordProps) {
  const text = useWords(words);
  const { asked, answer } = useAnswer(SubmitServicePassword);
  const isOperator = dataSource.category === 'mobile';
  return (
    <>
      <Prompt text={step.prompt} retry={step.retry} />
      <Form
        check={({ password }) => ({ password: password ? null : text.missing })}
        onSubmit={({ password = '', account }) =>
          answer({ ...answering, password, ...(account ? { account } : {}) })
        }
      >
        {!isOperator && (
          <Field
            name="account"
            label={text.account}
            hint={text.accountHint}
            autoComplete="username"
            maxLength={64}
          />
        )}
        <Field
          name="password"
          label={isOperator ? text.service : text.shop}
          hint={text.safe}
          type="password"
          autoComplete={isOperator ? 'off' : 'current-password'}
          maxLength={64}
        />
        <SubmitButton asked={asked}>{text.submit}</SubmitButton>
      </Form>
      <OutcomeNotice asked={asked} />
    </>
  );
}
