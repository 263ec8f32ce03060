// Binding a phone to an enterprise member: the application, then its standing as it changes.
import { OperationsShown } from '../elements/operations-shown.js';
import { Screen } from '../elements/screen.js';
import { useWords } from '../language.js';
import { hasReturned } from '../route.js';
import { SignedIn } from '../signing-in/signed-in.js';
import { BindPhone } from './bind-phone.generated.js';
import { BindingForm } from './binding-form.js';
import { BindingStanding } from './binding-standing.js';
import { PhoneBindingUpdated } from './phone-binding-updated.generated.js';
import { Submitted } from './submitted.js';

const words = {
  zh: { title: '绑定企业手机号', lead: '为企业会员绑定接收验证短信的手机号。' },
  en: { title: 'Bind a company phone', lead: "The phone that receives a company member's codes." },
};

export function Binding({ id }: { id: string | undefined }) {
  const { title, lead } = useWords(words);
  return (
    <Screen title={title} lead={lead}>
      <SignedIn otherwise={hasReturned() && <Submitted />}>
        {id === undefined ? <BindingForm /> : <BindingStanding key={id} id={id} />}
      </SignedIn>
      <OperationsShown of={id === undefined ? [BindPhone] : [PhoneBindingUpdated]} />
    </Screen>
  );
}
