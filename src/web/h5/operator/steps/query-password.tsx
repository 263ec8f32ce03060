// QueryPasswordStep: a second password that some operators ask for.
import { Field } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { OutcomeNotice } from '../../elements/outcome-notice.js';
import { SubmitButton } from '../../elements/submit-button.js';
import { useWords } from '../../language.js';
import type { StepNamed } from '../conversation.js';
import type { Answering } from './present-step.js';
import { Prompt } from './prompt.js';
import { SubmitQueryPassword } from './submit-query-password.generated.js';
import { useAnswer } from './use-answer.js';

const words = {
  zh: { label: '查询密码', missing: '请输入查询密码', submit: '下一步' },
  en: { label: 'Query password', missing: 'Enter the query password', submit: 'Next' },
};

interface QueryPasswordProps {
  step: StepNamed<'QueryPasswordStep'>;
  answering: Answering;
}

export function QueryPassword({ step, answering }: QueryPasswordProps) {
  const text = useWords(words);
  const { asked, answer } = useAnswer(SubmitQueryPassword);
  return (
    <>
      <Prompt text={step.prompt} retry={step.retry} />
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
