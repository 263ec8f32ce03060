// The step that the server asks for, each in a file of its own.
import type { Authentication, Step } from '../conversation.js';
import { AuthenticationFailed } from './authentication-failed.js';
import { CollectionStarted } from './collection-started.js';
import { PasswordReset } from './password-reset.js';
import { QueryPassword } from './query-password.js';
import { ServicePassword } from './service-password.js';
import { SmsCaptcha } from './sms-captcha.js';
import { Wait } from './wait.js';

/** What every answer brings. */
export interface Answering {
  id: string;
  continuation: string;
}

interface PresentStepProps {
  step: Step;
  answering: Answering;
  dataSource: Authentication['dataSource'];
}

export function PresentStep({ step, answering, dataSource }: PresentStepProps) {
  switch (step.__typename) {
    case 'ServicePasswordStep':
      return <ServicePassword step={step} answering={answering} dataSource={dataSource} />;
    case 'SmsCaptchaStep':
      return <SmsCaptcha step={step} answering={answering} />;
    case 'QueryPasswordStep':
      return <QueryPassword step={step} answering={answering} />;
    case 'WaitStep':
      return <Wait step={step} answering={answering} />;
    case 'PasswordResetRequiredStep':
      return <PasswordReset step={step} answering={answering} />;
    case 'CollectionStarted':
      return <CollectionStarted step={step} />;
    case 'AuthenticationFailed':
      return <AuthenticationFailed step={step} />;
  }
}
