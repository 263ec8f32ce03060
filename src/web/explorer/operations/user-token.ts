// Ready operations: having a user token made.
import { freshKey, otherOutcomes, type ReadyOperation } from './ready-operation.js';

export const userToken: readonly ReadyOperation[] = [
  {
    name: 'issueUserToken',
    title: { zh: '生成用户令牌', en: 'Issue a user token' },
    role: 'service',
    query: `# 生成用户令牌 · Have a user token made
#
# 令牌不落库 · the token is kept nowhere
mutation issueUserToken($input: IssueUserTokenInput!, $idempotencyKey: ID) {
  issueUserToken(input: $input, idempotencyKey: $idempotencyKey) {
    __typename
    ... on UserTokenIssued {
      requestId
      token
    }${otherOutcomes}
  }
}
`,
    variables: () => ({
      input: { partner: '', person: { role: 'TEACHER', personId: 'P2', schoolId: 'S1' } },
      idempotencyKey: freshKey(),
    }),
  },
];
