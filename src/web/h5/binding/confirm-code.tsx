// The legal person's code, where this server takes it.
import { useAsk } from '../asking/use-ask.js';
import { CodeField, useCodeWords } from '../elements/code-field.js';
import { Form } from '../elements/form.js';
import { OutcomeNotice } from '../elements/outcome-notice.js';
import { SubmitButton } from '../elements/submit-button.js';
import { useWords } from '../language.js';
import { ConfirmPhoneBinding } from './confirm-phone-binding.generated.js';
import type { Standing } from './standing.js';

const words = { zh: '确认绑定', en: 'Confirm' };

export function ConfirmCode({ id, onHeard }: { id: string; onHeard: (standing: Standing) => void }) {
  const confirm = useWords(words);
  const { missing } = useCodeWords();
  const { asked, ask } = useAsk(ConfirmPhoneBinding);
  const submit = async (code: string) => {
    const outcome = await ask({ input: { id, code } });
    if (outcome?.__typename === 'PhoneBinding') onHeard(outcome);
  };
  return (
    <>
      <Form
        asked={asked}
        notTaken={missing}
        check={({ code }) => ({ code: code ? null : missing })}
        onSubmit={({ code = '' }) => submit(code)}
      >
        <CodeField />
        <SubmitButton asked={asked}>{confirm}</SubmitButton>
      </Form>
      <OutcomeNotice asked={asked} />
    </>
  );
}
