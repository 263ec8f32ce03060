// Authenticating a phone at its operator: an application, then a conversation of a few steps.
import { OperationsShown } from '../elements/operations-shown.js';
import { Screen } from '../elements/screen.js';
import { useWords } from '../language.js';
import { SignedIn } from '../signing-in/signed-in.js';
import { ApplicationForm } from './application-form.js';
import { conversation } from './conversation.js';
import { ConversationView } from './conversation-view.js';
import { DataSources } from './data-sources.js';
import { FindConversation } from './find-conversation.js';
import { FindOperatorAuthentication } from './operator-authentication.generated.js';
import { Progress } from './progress.js';
import { StartOperatorAuthentication } from './start-operator-authentication.generated.js';
import { SubmitServicePassword } from './steps/submit-service-password.generated.js';

const words = {
  zh: { title: '运营商认证', lead: '提交申请后，按提示完成运营商的验证。' },
  en: { title: 'Operator authentication', lead: "Apply, then answer your operator's questions." },
};

export function Operator({ id }: { id: string | undefined }) {
  const { title, lead } = useWords(words);
  const held = conversation.use();
  return (
    <Screen title={title} lead={lead}>
      <SignedIn>
        {id === undefined ? (
          <>
            <Progress at="APPLYING" />
            <ApplicationForm />
            <DataSources />
          </>
        ) : held?.authentication.id === id ? (
          <ConversationView held={held} />
        ) : (
          <FindConversation id={id} />
        )}
      </SignedIn>
      <OperationsShown
        of={[StartOperatorAuthentication, SubmitServicePassword, FindOperatorAuthentication]}
      />
    </Screen>
  );
}
