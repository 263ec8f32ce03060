// Ready operations: reading the audit log.
import type { ReadyOperation } from './ready-operation.js';

export const audit: readonly ReadyOperation[] = [
  {
    name: 'auditRecords',
    title: { zh: '审计记录（最新在前）', en: 'Audit records, newest first' },
    role: 'auditor',
    firstTab: true,
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
    firstTab: true,
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
    firstTab: true,
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
