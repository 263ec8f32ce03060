// The ready operations: each valid against schema.graphql, each under an operation name of its own. Adding one is adding one entry.

export const roles = ['anonymous', 'user', 'service', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface ReadyOperation {
  /** The name in its query; a tab with an operation of this name takes on its role. */
  name: string;
  title: { zh: string; en: string };
  /** The role it needs. */
  role: Role;
  query: string;
  /** Called each time the operation is opened. */
  variables?: () => Record<string, unknown>;
}

/** A new intent each time an example is opened; randomUUID is missing on plain-http origins other than localhost. */
const freshKey = () =>
  `explorer-${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

export const operations: readonly ReadyOperation[] = [
  {
    name: 'requestVerificationCode',
    title: { zh: '请求账号验证码', en: 'Request an account code' },
    role: 'anonymous',
    query: `# 请求账号验证码 · Request a code for an account
#
# 同一个 idempotencyKey 再来一次，不再发短信
# Repeating the idempotencyKey sends no second SMS
#
# 沙箱看手机号末四位 · The sandbox obeys the last digits:
#   9001 拒绝 refused
#   9002 服务商限流 rate limited by the provider
#   9003 收下后没有回音 accepted, then silence
mutation requestVerificationCode(
  $phone: PhoneNumber!
  $purpose: AccountCodePurpose!
  $idempotencyKey: ID
) {
  requestVerificationCode(
    input: { account: { phone: $phone, purpose: $purpose } }
    idempotencyKey: $idempotencyKey
  ) {
    __typename
    ... on VerificationCodeSent {
      requestId
      maskedPhone
      expiresAt
      resendAt
      expiresInMs
      resendAfterMs
      replayed
      taskId
      # 只有测试环境会给 · only from a test environment
      testCode
    }
    ... on Refusal {
      requestId
      code
      message
      retryAfterMs
      providerCode
      humanCheck {
        challenge
        expiresAt
      }
    }
    # 可能已发出，绝不重发 · perhaps sent, never resent
    ... on OutcomeUnknown {
      requestId
      message
      pollAfterMs
      retryAfterMs
    }
  }
}
`,
    variables: () => ({ phone: '+8613800138000', purpose: 'REGISTER', idempotencyKey: freshKey() }),
  },
  {
    name: 'auditRecords',
    title: { zh: '审计记录（最新在前）', en: 'Audit records, newest first' },
    role: 'auditor',
    query: `# 审计记录，最新在前 · Audit records, newest first
#
# 下一页：after 填 endCursor · Next page: endCursor as after
# 筛选 · Filter: { "subject": { "phone": "+86…" } }
#               { "outcomes": ["DENIED"] }
query auditRecords(
  $filter: AuditRecordFilter
  $first: Int
  $after: String
) {
  auditRecords(filter: $filter, first: $first, after: $after) {
    edges {
      node {
        id
        kind
        provider
        operation
        purpose
        outcome
        maskedPhone
        actor
        client
        rule
        createdAt
        settledAt
        latencyMs
        replays
        # 最早在前 · oldest first
        entries {
          chain
          position
          kind
          at
          actor
          detail
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: () => ({ filter: {}, first: 20, after: null }),
  },
  {
    name: 'auditRecord',
    title: { zh: '一条审计记录', en: 'One audit record' },
    role: 'auditor',
    query: `# 一条审计记录及其链上条目
# One audit record and its entries in the chain
#
# id 即 requestId；没有则为 null · null where there is none
query auditRecord($id: ID!) {
  auditRecord(id: $id) {
    id
    kind
    provider
    operation
    purpose
    outcome
    maskedPhone
    actor
    client
    flow
    providerCode
    providerReference
    rule
    retryAfterMs
    replays
    createdAt
    settledAt
    latencyMs
    erasedAt
    entries {
      chain
      position
      kind
      at
      actor
      detail
      leaf
      # SHA-256(previousHash ‖ SHA-256(leaf))
      hash
      previousHash
    }
  }
}
`,
    variables: () => ({ id: '00000000-0000-7000-8000-000000000000' }),
  },
  {
    name: 'providers',
    title: { zh: '服务商状态', en: 'Providers' },
    role: 'auditor',
    query: `# 各服务商：是否配置、是否沙箱、熔断器状态
# The providers: configured, sandbox, state of the breaker
query providers {
  providers {
    id
    configured
    sandbox
    breaker
  }
}
`,
  },
];

export const operationNamed = (name: string | null | undefined) =>
  operations.find((operation) => operation.name === name);

/** What goes into the variables editor; '' where there are none. */
export const variablesText = ({ variables }: ReadyOperation) =>
  variables ? JSON.stringify(variables(), null, 2) : '';
