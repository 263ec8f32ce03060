// What contract.graphql promises and the schema does not hold yet. Exact: the test fails where a line is built.
export const notBuiltYet: readonly string[] = [
  'Mutation.eraseSubject: ErasureReceipt!',
  'Mutation.revealAuditRecord: RevealedAuditRecord!',
  'Query.auditDenials: [AuditDenialRow!]!',
  'Query.auditIntegrity: AuditIntegrity!',
  'Query.auditProof: AuditProof',
  'Query.auditSummary: [AuditSummaryRow!]!',
  'Query.budgets: [Budget!]!',
  'Subscription.auditRecordAdded: AuditRecord!',
];
