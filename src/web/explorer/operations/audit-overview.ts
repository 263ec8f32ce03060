// Ready operations: the audit log in numbers, and as it grows.
import type { ReadyOperation } from './ready-operation.js';

const hour = 3_600_000;
const lastDays = (days: number) => ({
  from: new Date(Date.now() - days * 24 * hour).toISOString(),
  to: new Date().toISOString(),
});

export const auditOverview: readonly ReadyOperation[] = [
  {
    name: 'auditSummary',
    title: { zh: '审计统计', en: 'The log in numbers' },
    role: 'auditor',
    query: `# 按小时或天（UTC）统计：数量、耗时中位数与 99 分位
# Counts and latencies by hour or day, UTC
query auditSummary(
  $from: DateTime!
  $to: DateTime!
  $bucket: SummaryBucket!
) {
  auditSummary(from: $from, to: $to, bucket: $bucket) {
    bucket
    provider
    kind
    outcome
    count
    p50Ms
    p99Ms
  }
}
`,
    variables: () => ({ ...lastDays(7), bucket: 'DAY' }),
  },
  {
    name: 'auditDenials',
    title: { zh: '被规则拦下的请求', en: 'What our rules stopped' },
    role: 'auditor',
    query: `# 每条规则拦下多少 · how many each rule stopped
query auditDenials(
  $from: DateTime!
  $to: DateTime!
  $bucket: SummaryBucket!
) {
  auditDenials(from: $from, to: $to, bucket: $bucket) {
    bucket
    rule
    count
  }
}
`,
    variables: () => ({ ...lastDays(1), bucket: 'HOUR' }),
  },
  {
    name: 'budgets',
    title: { zh: '今日短信预算', en: "Today's messages" },
    role: 'auditor',
    query: `# 总量与各国家（地区）：上限、在途、已发
# For all and for each country: the limit, under way, sent
query budgets {
  budgets {
    scope
    limit
    reserved
    spent
    resetsAt
  }
}
`,
  },
  {
    name: 'auditRecordAdded',
    title: { zh: '订阅新增记录', en: 'Watch the log' },
    role: 'auditor',
    query: `# 每条新增记录一次，不分由哪个进程写入
# Each record that is added, once, whichever process writes it
subscription auditRecordAdded {
  auditRecordAdded {
    id
    kind
    provider
    operation
    purpose
    outcome
    maskedPhone
    actor
    client
    createdAt
  }
}
`,
  },
];
