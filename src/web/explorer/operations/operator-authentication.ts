// Ready operations: authenticating a person at their phone's operator, in their order.
import { freshKey, otherOutcomes, type ReadyOperation } from './ready-operation.js';

const noId = '00000000-0000-7000-8000-000000000000';
const noContinuation = '上一步返回的 continuation · from the answer before';

const authentication = `
      id
      dataSource {
        website
        name
        status
      }
      step {
        __typename
        ... on ServicePasswordStep {
          prompt
          retry
        }
        ... on SmsCaptchaStep {
          prompt
          reason
          retry
          requestBySms
          resendAfterMs
        }
        ... on QueryPasswordStep {
          prompt
          retry
        }
        ... on WaitStep {
          pollAfterMs
        }
        ... on PasswordResetRequiredStep {
          prompt
        }
        ... on CollectionStarted {
          message
        }
        ... on AuthenticationFailed {
          message
          providerCode
        }
      }
      # 下一步要带上它 · bring it with the next answer
      continuation
      expiresAt
      providerCode
      updatedAt`;

/** One of the mutations that answer a step: they differ in name, input and words. */
function answering(
  name: string,
  input: string,
  title: ReadyOperation['title'],
  told: string,
  given: Record<string, unknown> = {},
): ReadyOperation {
  const keyed = name !== 'continueOperatorAuthentication';
  return {
    name,
    title,
    role: 'user',
    query: `# ${told}
mutation ${name}($input: ${input}!${keyed ? ', $idempotencyKey: ID' : ''}) {
  ${name}(input: $input${keyed ? ', idempotencyKey: $idempotencyKey' : ''}) {
    __typename
    ... on OperatorAuthentication {${authentication}
    }${otherOutcomes}
  }
}
`,
    variables: () => ({
      input: { id: noId, continuation: noContinuation, ...given },
      ...(keyed ? { idempotencyKey: freshKey() } : {}),
    }),
  };
}

export const operatorAuthentication: readonly ReadyOperation[] = [
  {
    name: 'operatorDataSources',
    title: { zh: '⓪ 运营商数据源', en: '0 Data sources' },
    role: 'user',
    query: `# 聚信立支持的数据源（有缓存）· Juxinli's data sources (cached)
query operatorDataSources {
  operatorDataSources {
    id
    website
    name
    category
    categoryName
    status
    createdAt
    updatedAt
  }
}
`,
  },
  {
    name: 'startOperatorAuthentication',
    title: { zh: '① 提交申请', en: '1 Apply' },
    role: 'user',
    query: `# 提交申请，得知是哪家运营商 · Apply, and learn which operator is asked
#
# 沙箱：任意数字服务密码（000000 为错误）
# Sandbox: any service password of digits (000000 is wrong)
mutation startOperatorAuthentication(
  $input: StartOperatorAuthenticationInput!
  $idempotencyKey: ID
) {
  startOperatorAuthentication(input: $input, idempotencyKey: $idempotencyKey) {
    __typename
    ... on OperatorAuthentication {${authentication}
    }${otherOutcomes}
  }
}
`,
    variables: () => ({
      input: { name: '张三', idNumber: '110101190001011234', phone: '+8613800138002' },
      idempotencyKey: freshKey(),
    }),
  },
  answering(
    'submitServicePassword',
    'SubmitServicePasswordInput',
    { zh: '② 提交服务密码', en: '2 Submit the service password' },
    '提交服务密码 · The service password',
    { password: '112233' },
  ),
  answering(
    'submitSmsCaptcha',
    'SubmitSmsCaptchaInput',
    { zh: '③ 提交短信验证码', en: '3 Submit the captcha' },
    '提交短信验证码（在收件箱里）· The captcha, from the inbox',
    { captcha: '123456' },
  ),
  answering(
    'resendSmsCaptcha',
    'ResendSmsCaptchaInput',
    { zh: '重发短信验证码', en: 'Have another captcha sent' },
    '重发短信验证码 · Another captcha',
  ),
  answering(
    'submitQueryPassword',
    'SubmitQueryPasswordInput',
    { zh: '提交查询密码', en: 'Submit the query password' },
    '提交查询密码（沙箱：123456）· The query password (sandbox: 123456)',
    { password: '123456' },
  ),
  answering(
    'continueOperatorAuthentication',
    'ContinueOperatorAuthenticationInput',
    { zh: '等待后继续', en: 'Go on after a wait' },
    '等待后继续，不会发起第二次调用 · Go on after a wait; never a second call',
  ),
  {
    name: 'operatorAuthentication',
    title: { zh: '查询进度', en: 'Where it stands' },
    role: 'user',
    query: `# 自己的认证；别人的为 null · one's own; someone else's is null
query operatorAuthentication($id: ID!) {
  operatorAuthentication(id: $id) {${authentication.replaceAll('\n  ', '\n')}
  }
}
`,
    variables: () => ({ id: noId }),
  },
];
