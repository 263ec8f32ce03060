// GraphQL documents that several tests send.

export const requestCode = `
  mutation RequestCode($phone: PhoneNumber!, $purpose: AccountCodePurpose! = REGISTER, $key: ID, $type: String, $humanCheck: String) {
    requestVerificationCode(
      input: { account: { phone: $phone, purpose: $purpose, providerType: $type } }
      idempotencyKey: $key
      humanCheck: $humanCheck
    ) {
      __typename
      ... on VerificationCodeSent {
        requestId maskedPhone expiresAt resendAt expiresInMs resendAfterMs replayed taskId testCode
      }
      ... on Refusal { requestId code message retryAfterMs providerCode humanCheck { challenge expiresAt } }
      ... on OutcomeUnknown { requestId message pollAfterMs retryAfterMs }
    }
  }`;

export const readRecord = `
  query Record($id: ID!) {
    auditRecord(id: $id) {
      id kind provider operation purpose outcome maskedPhone actor client flow providerCode providerReference
      rule retryAfterMs replays createdAt settledAt latencyMs erasedAt
      entries { chain position kind at actor detail leaf hash previousHash }
    }
  }`;

const refusalAndUnknown = `
  ... on Refusal { requestId code message retryAfterMs providerCode }
  ... on OutcomeUnknown { requestId message pollAfterMs retryAfterMs }`;

export const requestBankCode = `
  mutation RequestBankCode($bank: BankCodeInput!, $key: ID) {
    requestVerificationCode(input: { bank: $bank }, idempotencyKey: $key) {
      __typename
      ... on VerificationCodeSent {
        requestId maskedPhone expiresAt resendAt expiresInMs resendAfterMs replayed taskId testCode
      }
      ${refusalAndUnknown}
    }
  }`;

export const issueUserToken = `
  mutation IssueUserToken($input: IssueUserTokenInput!, $key: ID) {
    issueUserToken(input: $input, idempotencyKey: $key) {
      __typename
      ... on UserTokenIssued { requestId token }
      ${refusalAndUnknown}
    }
  }`;

// A binding's message may be null and the others' not: one name cannot stand for both.
const binding = 'id status memberId maskedPhone traceNumber signingUrl text: message providerCode updatedAt';

export const bindPhone = `
  mutation BindPhone($input: BindPhoneInput!, $key: ID) {
    bindPhone(input: $input, idempotencyKey: $key) {
      __typename
      ... on PhoneBinding { ${binding} }
      ${refusalAndUnknown}
    }
  }`;

export const confirmPhoneBinding = `
  mutation ConfirmPhoneBinding($input: ConfirmPhoneBindingInput!, $key: ID) {
    confirmPhoneBinding(input: $input, idempotencyKey: $key) {
      __typename
      ... on PhoneBinding { ${binding} }
      ${refusalAndUnknown}
    }
  }`;

export const readBinding = `query Binding($id: ID!) { phoneBinding(id: $id) { ${binding} } }`;

export const bindingUpdated = `
  subscription BindingUpdated($id: ID!) { phoneBindingUpdated(id: $id) { ${binding} } }`;
