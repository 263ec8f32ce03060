// Ready operations: reading the audit log.
import { freshKey, type ReadyOperation } from './ready-operation.js';

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
    name: 'revealAuditRecord',
    title: { zh: '查看一条记录的明文', en: 'Reveal one record' },
    role: 'admin',
    query: `# 显示明文（不含密钥、验证码）；谁、为何，均记入日志
# Shows the plain text, without secrets; who and why are logged
mutation revealAuditRecord($id: ID!, $reason: String!) {
  revealAuditRecord(id: $id, reason: $reason) {
    id
    # 抹除后为 null · null after erasure
    request
    result
  }
}
`,
    variables: () => ({ id: '00000000-0000-7000-8000-000000000000', reason: '客诉核实 · a complaint' }),
  },
  {
    name: 'eraseSubject',
    title: { zh: '抹除一个人的数据', en: 'Erase a person' },
    role: 'admin',
    query: `# 销毁此人所有记录的密钥；不可恢复，日志仍可验证
# Destroys the keys to all records of a person; final,
# and the log still verifies
#
# subject: phone、personId 或 memberId 之一 · exactly one of them
mutation eraseSubject(
  $subject: SubjectInput!
  $reason: String!
  $key: ID
) {
  eraseSubject(
    subject: $subject
    reason: $reason
    idempotencyKey: $key
  ) {
    records
    erasedAt
  }
}
`,
    variables: () => ({
      subject: { phone: '+8613800139999' },
      reason: '本人申请 · at their own request',
      key: freshKey(),
    }),
  },
  {
    name: 'auditProof',
    title: { zh: '记录的存证', en: 'Proof of a record' },
    role: 'auditor',
    query: `# 由记录的条目到已签名的链头；无需信任本服务器
# From a record's entries to signed heads of their chains
#
# 没有此记录则为 null · null where there is none
query auditProof($id: ID!) {
  auditProof(id: $id) {
    id
    links {
      chain
      fromPosition
      leafHashes
      previousHash
      checkpoint
      publicKey
    }
  }
}
`,
    variables: () => ({ id: '00000000-0000-7000-8000-000000000000' }),
  },
  {
    name: 'auditIntegrity',
    title: { zh: '日志是否完整', en: 'Integrity of the log' },
    role: 'auditor',
    query: `# 日志的规模，以及校验程序上次的结论
# How large the log is, and what the verifier last found
#
# 运行 · to run it: npm run audit:verify
query auditIntegrity {
  auditIntegrity {
    chains
    entries
    verifiedAt
    # 尚未运行则为 null · null until it has run
    intact
    # 链:位置，或表与键 · chain:position, or table and key
    firstBroken
  }
}
`,
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
