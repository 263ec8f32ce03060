// Who may use which field: every field of the schema, by hand. A test compares it with what the server does.
//
// A field that is asked for directly (of Query, Mutation, Subscription) is open to those callers and refused to all
// others. A field of an answer is open to whoever may ask for something that leads to it.

/** `nobody-special` is signed in, with a token that names no role of ours. */
export const callers = ['anonymous', 'nobody-special', 'user', 'service', 'auditor', 'admin'] as const;
export type CallerKind = (typeof callers)[number];

const everybody = callers;
const signedIn = callers.filter((caller) => caller !== 'anonymous');
const users: readonly CallerKind[] = ['user'];
const services: readonly CallerKind[] = ['service'];
/** An admin may do what an auditor may. */
const auditors: readonly CallerKind[] = ['auditor', 'admin'];
const admins: readonly CallerKind[] = ['admin'];

/** For an input of which exactly one member is given, a row a member: `field(member)`. */
const table: Record<string, [who: readonly CallerKind[], fields: string][]> = {
  Query: [
    [users, 'operatorDataSources'],
    // One's own; somebody else's is null.
    [signedIn, 'operatorAuthentication phoneBinding'],
    [auditors, 'auditRecords auditRecord auditSummary auditDenials auditProof auditIntegrity'],
    [auditors, 'budgets providers'],
  ],
  Mutation: [
    [everybody, 'requestVerificationCode(account)'],
    [signedIn, 'requestVerificationCode(bank)'],
    [signedIn, 'bindPhone confirmPhoneBinding'],
    [services, 'issueUserToken'],
    [signedIn, 'startOperatorAuthentication continueOperatorAuthentication'],
    [signedIn, 'submitServicePassword submitSmsCaptcha resendSmsCaptcha submitQueryPassword'],
    [admins, 'revealAuditRecord eraseSubject(phone) eraseSubject(personId) eraseSubject(memberId)'],
  ],
  Subscription: [
    [signedIn, 'phoneBindingUpdated'],
    [auditors, 'auditRecordAdded'],
  ],

  Refusal: [[everybody, 'requestId code message retryAfterMs providerCode humanCheck']],
  HumanCheck: [[everybody, 'challenge expiresAt']],
  OutcomeUnknown: [[everybody, 'requestId message pollAfterMs retryAfterMs']],

  VerificationCodeSent: [
    [everybody, 'requestId maskedPhone expiresAt resendAt expiresInMs resendAfterMs replayed'],
    [everybody, 'taskId testCode'],
  ],

  PhoneBinding: [
    [signedIn, 'id status memberId maskedPhone traceNumber signingUrl message providerCode updatedAt'],
  ],

  UserTokenIssued: [[services, 'requestId token']],

  OperatorDataSource: [
    [signedIn, 'id website name category categoryName status websiteCode smsRequired resetPasswordMethod'],
    [signedIn, 'resetPasswordFrozenTime captchaUserIdentified offlineTimes createdAt updatedAt'],
  ],
  OperatorAuthentication: [[signedIn, 'id dataSource step continuation expiresAt providerCode updatedAt']],
  ServicePasswordStep: [[signedIn, 'prompt retry']],
  SmsCaptchaStep: [[signedIn, 'prompt reason retry requestBySms resendAfterMs']],
  QueryPasswordStep: [[signedIn, 'prompt retry']],
  WaitStep: [[signedIn, 'pollAfterMs']],
  PasswordResetRequiredStep: [[signedIn, 'prompt']],
  CollectionStarted: [[signedIn, 'message']],
  AuthenticationFailed: [[signedIn, 'message providerCode']],

  AuditRecordConnection: [[auditors, 'edges pageInfo']],
  AuditRecordEdge: [[auditors, 'node cursor']],
  PageInfo: [[auditors, 'hasNextPage endCursor']],
  AuditRecord: [
    [auditors, 'id kind provider operation purpose outcome maskedPhone actor client flow providerCode'],
    [auditors, 'providerReference rule retryAfterMs replays createdAt settledAt latencyMs erasedAt entries'],
  ],
  AuditEntry: [[auditors, 'chain position kind at actor detail leaf hash previousHash']],
  AuditProof: [[auditors, 'id links']],
  AuditProofLink: [[auditors, 'chain fromPosition leafHashes previousHash checkpoint publicKey']],
  AuditSummaryRow: [[auditors, 'bucket provider kind outcome count p50Ms p99Ms']],
  AuditDenialRow: [[auditors, 'bucket rule count']],
  AuditIntegrity: [[auditors, 'chains entries verifiedAt intact firstBroken']],
  Budget: [[auditors, 'scope limit reserved spent resetsAt']],
  Provider: [[auditors, 'id configured sandbox breaker']],
  RevealedAuditRecord: [[admins, 'id request result']],
  ErasureReceipt: [[admins, 'records erasedAt']],
};

/** By `Type.field`, or `Type.field(member)`. */
export const permissions: ReadonlyMap<string, readonly CallerKind[]> = new Map(
  Object.entries(table).flatMap(([type, rows]) =>
    rows.flatMap(([who, fields]) => fields.split(' ').map((field) => [`${type}.${field}`, who] as const)),
  ),
);
