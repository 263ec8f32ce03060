// SmsCaptchaStep: the code that the operator sent, or sends when the person texts for it.
import { useEffect, useState } from 'react';
import { CodeField, useCodeWords } from '../../elements/code-field.js';
import { codeDraft } from '../../elements/draft.js';
import { Form } from '../../elements/form.js';
import { OutcomeNotice } from '../../elements/outcome-notice.js';
import { ResendButton } from '../../elements/resend-button.js';
import { SubmitButton } from '../../elements/submit-button.js';
import { useWords } from '../../language.js';
import type { StepNamed } from '../conversation.js';
import type { Answering } from './present-step.js';
import { Prompt } from './prompt.js';
import { ResendSmsCaptcha } from './resend-sms-captcha.generated.js';
import { SubmitSmsCaptcha } from './submit-sms-captcha.generated.js';
import { useAnswer } from './use-answer.js';

const words = {
  zh: { submit: '下一步', text: '发送短信 CXXD 到 10001' },
  en: { submit: 'Next', text: 'Text CXXD to 10001' },
};

interface SmsCaptchaProps {
  step: StepNamed<'SmsCaptchaStep'>;
  answering: Answering;
}

export function SmsCaptcha({ step, answering }: SmsCaptchaProps) {
  const text = useWords(words);
  const { missing } = useCodeWords();
  const { asked, answer } = useAnswer(SubmitSmsCaptcha);
  const resending = useAnswer(ResendSmsCaptcha);
  const since = useSince(step);

  return (
    <>
      <Prompt text={step.prompt} retry={step.retry} />
      {step.requestBySms && (
        <a className="button second" href="sms:10001?body=CXXD">
          {text.text}
        </a>
      )}
      <Form
        check={({ captcha }) => ({ captcha: captcha ? null : missing })}
        onSubmit={({ captcha = '' }) => answer({ ...answering, captcha })}
      >
        <CodeField name="captcha" />
        <SubmitButton asked={asked}>{text.submit}</SubmitButton>
        {!step.requestBySms && (
          <ResendButton
            asked={resending.asked}
            afterMs={step.resendAfterMs}
            since={since}
            onResend={() => resending.answer(answering)}
          />
        )}
      </Form>
      <OutcomeNotice asked={asked} />
      <OutcomeNotice asked={resending.asked} />
    </>
  );
}

/** When the present code was sent. A wrong one does not count as a new one; any other step empties the field. */
function useSince(step: StepNamed<'SmsCaptchaStep'>): number {
  const [since, setSince] = useState(() => Date.now());
  useEffect(() => {
    codeDraft.set('');
    if (step.reason !== 'WRONG') setSince(Date.now());
  }, [step]);
  return since;
}
