// Ready operations: binding a phone to an enterprise member, in their order.
import { freshKey, otherOutcomes, type ReadyOperation } from './ready-operation.js';

const noId = '00000000-0000-7000-8000-000000000000';

const binding = `
      id
      status
      memberId
      maskedPhone
      traceNumber
      # 在浏览器里打开它签署 · open it in a browser to sign
      signingUrl
      message
      providerCode
      updatedAt`;

export const phoneBinding: readonly ReadyOperation[] = [
  {
    name: 'bindPhone',
    title: { zh: '① 申请绑定手机号', en: '1 Apply to bind a phone' },
    role: 'user',
    query: `# 申请绑定手机号 · Apply to bind a phone
#
# 不填 authorisedPerson：法人手机号，短信验证
# without authorisedPerson: the legal person's phone, by SMS
# ONLINE：在 signingUrl 签署 · sign at signingUrl
# OFFLINE：另需 agreementFileId，等待审核 · needs agreementFileId, is reviewed
mutation bindPhone($input: BindPhoneInput!, $idempotencyKey: ID) {
  bindPhone(input: $input, idempotencyKey: $idempotencyKey) {
    __typename
    ... on PhoneBinding {${binding}
    }${otherOutcomes}
  }
}
`,
    variables: () => ({
      input: {
        memberId: 'M1',
        phone: '+8613800138003',
        authorisedPerson: { authorisation: 'ONLINE', name: '张三', idNumber: '110101190001011234' },
      },
      idempotencyKey: freshKey(),
    }),
  },
  {
    name: 'confirmPhoneBinding',
    title: { zh: '② 法人：确认短信验证码', en: '2 Legal person: confirm the code' },
    role: 'user',
    query: `# 法人手机号：提交短信验证码（需 TONGQIFU_CONFIRM=on）
# The legal person's phone: the code of the SMS (needs TONGQIFU_CONFIRM=on)
mutation confirmPhoneBinding($input: ConfirmPhoneBindingInput!, $idempotencyKey: ID) {
  confirmPhoneBinding(input: $input, idempotencyKey: $idempotencyKey) {
    __typename
    ... on PhoneBinding {${binding}
    }${otherOutcomes}
  }
}
`,
    variables: () => ({ input: { id: noId, code: '123456' }, idempotencyKey: freshKey() }),
  },
  {
    name: 'phoneBinding',
    title: { zh: '③ 查询绑定', en: '3 Where a binding stands' },
    role: 'user',
    query: `# 自己的绑定；别人的为 null · one's own; someone else's is null
query phoneBinding($id: ID!) {
  phoneBinding(id: $id) {${binding.replaceAll('\n  ', '\n')}
  }
}
`,
    variables: () => ({ id: noId }),
  },
  {
    name: 'phoneBindingUpdated',
    title: { zh: '④ 订阅绑定状态', en: '4 Watch a binding' },
    role: 'user',
    query: `# 先给当前状态，之后每次变化 · the state now, then every change
subscription phoneBindingUpdated($id: ID!) {
  phoneBindingUpdated(id: $id) {
    id
    status
    message
    updatedAt
  }
}
`,
    variables: () => ({ id: noId }),
  },
];
