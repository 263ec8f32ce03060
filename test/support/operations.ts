// GraphQL documents that several tests send.

export const requestCode = `
  mutation RequestCode($phone: PhoneNumber!, $purpose: AccountCodePurpose! = REGISTER, $key: ID, $type: String) {
    requestVerificationCode(
      input: { account: { phone: $phone, purpose: $purpose, providerType: $type } }
      idempotencyKey: $key
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
