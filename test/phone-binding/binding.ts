// Binds phones over GraphQL, signs on the sandbox's page as a browser would, and watches where a binding stands.

import { eventually } from '../support/eventually.js';
import { bindPhone, confirmPhoneBinding, readBinding } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import type { CallOptions, TestServer } from '../support/server.js';

export interface BindingWish {
  memberId: string;
  phone: string;
  authorisedPerson?: { authorisation: string; name: string; idNumber: string; agreementFileId?: string };
  returnUrl?: string;
}

export type Asking = CallOptions & { key?: string };

let members = 0;

/** Each with a member and a phone of its own. */
export function legalPerson(lastFour?: string): BindingWish {
  members += 1;
  return { memberId: `member-${members}`, phone: phoneWith(lastFour) };
}

const person = { name: '张三丰', idNumber: '11010519491231002X' };

export function signingOnline(lastFour?: string): BindingWish {
  return { ...legalPerson(lastFour), authorisedPerson: { authorisation: 'ONLINE', ...person } };
}

export function withPapers(lastFour?: string): BindingWish {
  const authorisedPerson = { authorisation: 'OFFLINE', ...person, agreementFileId: 'agreement-1' };
  return { ...legalPerson(lastFour), authorisedPerson };
}

/** PhoneBinding, Refusal or OutcomeUnknown; throws where the answer is an error. */
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
export async function bind(server: TestServer, wish: BindingWish, { key, ...call }: Asking): Promise<any> {
  const { data, errors, text } = await server.graphql(bindPhone, { input: wish, key }, call);
  if (errors || !data?.bindPhone) throw new Error(`no outcome but ${text}`);
  return data.bindPhone;
}

export async function confirm(
  server: TestServer,
  input: { id: string; code: string },
  { key, ...call }: Asking,
  // biome-ignore lint/suspicious/noExplicitAny: the same
): Promise<any> {
  const { data, errors, text } = await server.graphql(confirmPhoneBinding, { input, key }, call);
  if (errors || !data?.confirmPhoneBinding) throw new Error(`no outcome but ${text}`);
  return data.confirmPhoneBinding;
}

/** Null where there is none, or none of this caller's. */
// biome-ignore lint/suspicious/noExplicitAny: the same
export async function bindingOf(server: TestServer, id: string, token: string): Promise<any> {
  const { data, errors, text } = await server.graphql(readBinding, { id }, { token });
  if (errors || !data) throw new Error(`no answer but ${text}`);
  return data.phoneBinding;
}

/** Waits until the binding stands there. */
export function standing(server: TestServer, id: string, status: string, token: string) {
  return eventually(
    () => bindingOf(server, id, token),
    (binding) => binding?.status === status,
  );
}

/** Presses a button of the signing page; answers where the browser is sent. */
export async function decide(signingUrl: string, decision: 'sign' | 'decline'): Promise<URL> {
  const trace = new URL(signingUrl).searchParams.get('trace') ?? '';
  const answer = await fetch(new URL('sign', signingUrl), {
    method: 'POST',
    body: new URLSearchParams({ trace, decision }),
    redirect: 'manual',
  });
  return new URL(answer.headers.get('location') ?? '');
}
