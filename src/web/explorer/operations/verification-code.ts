// Ready operations: having a verification code sent.
import { freshKey, otherOutcomes, type ReadyOperation } from './ready-operation.js';

export const verificationCode: readonly ReadyOperation[] = [
  {
    name: 'requestVerificationCode',
    title: { zh: '请求账号验证码', en: 'Request an account code' },
    role: 'anonymous',
    firstTab: true,
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
    name: 'requestBankCode',
    title: { zh: '请求银行验证码', en: 'Request a bank code' },
    role: 'user',
    query: `# 请求银行验证码（25 种场景）· Request a code for a bank (25 scenes)
#
# taskId 交给银行的下一步操作 · the bank's next operation asks for taskId
mutation requestBankCode($bank: BankCodeInput!, $idempotencyKey: ID) {
  requestVerificationCode(
    input: { bank: $bank }
    idempotencyKey: $idempotencyKey
  ) {
    __typename
    ... on VerificationCodeSent {
      requestId
      maskedPhone
      expiresAt
      expiresInMs
      taskId
      replayed
    }${otherOutcomes}
  }
}
`,
    variables: () => ({
      bank: { phone: '+8613800138001', schoolId: 'S1', personId: 'P2', purpose: 'OPEN_ACCOUNT' },
      idempotencyKey: freshKey(),
    }),
  },
];
