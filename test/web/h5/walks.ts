// Every flow of the H5 page, as a person walks it; looking closely on the way.
import { ruleNames } from '../../../src/limits/rules.js';
import type { ServerOptions } from '../../support/server.js';
import type { Walk } from '../walk.js';
import * as bankCode from './bank-code.js';
import * as binding from './binding.js';
import * as byKeyboard from './by-keyboard.js';
import * as operator from './operator.js';
import * as register from './register.js';
import * as sandbox from './sandbox.js';

/** What the server needs to have them go as they should, and fast. */
export const serverOptions: ServerOptions = {
  env: { TONGQIFU_CONFIRM: 'on', JUXINLI_POLL_AFTER_MS: '1000', TRUSTED_PROXIES: '127.0.0.1' },
  // All that is left of the limits: who asks too often has to pass a human check, which takes a moment.
  limits: {
    rules: {
      ...Object.fromEntries(ruleNames.map((name) => [name, null])),
      ADDRESS_CHECK: [{ most: register.UNCHECKED_A_MINUTE, seconds: 60 }],
    },
    budget: { perDay: 1_000_000, checkFrom: 1 },
    humanCheck: { work: 50_000 },
  },
};

export const walks: readonly (readonly [name: string, Walk])[] = [
  ['has a code sent once, however often it is tapped, and takes the code', register.registering],
  ['tells what is refused, too often, unknown or not a number', register.beingRefused],
  ['repeats a request whose answer is lost, and one SMS is sent', register.losingAnAnswer],
  ['asks for no second SMS while nobody knows of the first', register.askingAgain],
  ['says that it is offline, and goes on when it is not', register.beingOffline],
  ['solves a human check', register.beingChecked],
  ['has a bank code sent to who is signed in', bankCode.askingTheBank],
  ['says what somebody may not do, and when a sign-in has ended', bankCode.notBeingAllowed],
  ['authenticates at an operator', operator.throughToTheEnd],
  ['says what is wrong with a contact, at the contact', operator.namingContacts],
  ['enters a second code', operator.bySecondCode],
  ['has a weak password changed', operator.changingThePassword],
  ['has the person text for a code', operator.textingForTheCode],
  ['asks for the query password', operator.byQueryPassword],
  ['waits for a busy operator', operator.afterWaiting],
  ['goes on waiting after a fault, and says what it met', operator.waitingInTrouble],
  ['goes on with another source', operator.withAnotherSource],
  ['says that an authentication failed', operator.failing],
  ['says that an application was refused', operator.beingRefusedAtTheDoor],
  ['keeps no continuation over a reload', operator.afterReloading],
  ['goes on after the answer to a step is lost', operator.losingAnAnswer],
  ['binds a phone by signing, and shows it live', binding.signing],
  ['shows that signing was declined', binding.declining],
  ['shows a review that ends while one looks on', binding.beingReviewed],
  ["confirms the legal person's code", binding.confirming],
  ['shows a binding that is refused, unknown or not there', binding.beingRefused],
  ['says that the signature was submitted to who is not signed in', binding.returningSignedOut],
  ['says that the sign-in has ended where it is told so while listening', binding.beingSignedOut],
  ['leads nobody back who has left, and applies once', binding.leavingEarly],
  ['follows a binding without a WebSocket', binding.withoutSocket],
  ["shows the sandbox's inbox and scenarios", sandbox.lookingIntoTheSandbox],
  ['changes the language by a click', sandbox.changingTheLanguage],
  ['by keyboard: has a code sent, and the sandbox opened', byKeyboard.registering],
  ['by keyboard: has a bank code sent', byKeyboard.askingTheBank],
  ['by keyboard: authenticates at an operator', byKeyboard.authenticating],
  ['by keyboard: binds a phone by signing', byKeyboard.binding],
  ["by keyboard: confirms the legal person's code", byKeyboard.confirmingACode],
];

/** Those that wait for notices or repetitions need it once; what they show differs in its words only. */
export const walksWithoutWaiting = walks.filter(
  ([, walk]) =>
    ![
      register.losingAnAnswer,
      register.beingOffline,
      register.beingChecked,
      operator.losingAnAnswer,
      operator.afterWaiting,
      operator.waitingInTrouble,
      binding.beingReviewed,
      binding.withoutSocket,
    ].includes(walk),
);

/** Enough of them to see every kind of element in the dark. */
export const walksInTheDark = walks.filter(([, walk]) =>
  [register.registering, register.beingRefused, operator.throughToTheEnd, binding.signing].includes(walk),
);
