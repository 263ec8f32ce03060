// The ready operations: each valid against schema.graphql, each under an operation name of its own. Adding one is
// adding one entry to its flow's list.
import { audit } from './operations/audit.js';
import { auditOverview } from './operations/audit-overview.js';
import { operatorAuthentication } from './operations/operator-authentication.js';
import { phoneBinding } from './operations/phone-binding.js';
import type { ReadyOperation } from './operations/ready-operation.js';
import { userToken } from './operations/user-token.js';
import { verificationCode } from './operations/verification-code.js';

export { type ReadyOperation, type Role, roles } from './operations/ready-operation.js';

export const operations: readonly ReadyOperation[] = [
  ...verificationCode,
  ...operatorAuthentication,
  ...phoneBinding,
  ...userToken,
  ...audit,
  ...auditOverview,
];

export const operationNamed = (name: string | null | undefined) =>
  operations.find((operation) => operation.name === name);

/** What goes into the variables editor; '' where there are none. */
export const variablesText = ({ variables }: ReadyOperation) =>
  variables ? JSON.stringify(variables(), null, 2) : '';
