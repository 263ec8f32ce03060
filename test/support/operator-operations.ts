// GraphQL documents of operator authentication, each with everything selected.

const source = `
  id website name category categoryName status websiteCode smsRequired resetPasswordMethod
  resetPasswordFrozenTime captchaUserIdentified offlineTimes createdAt updatedAt`;

const authentication = `
  id
  dataSource { ${source} }
  step {
    __typename
    ... on ServicePasswordStep { prompt retry }
    ... on SmsCaptchaStep { prompt reason retry requestBySms resendAfterMs }
    ... on QueryPasswordStep { prompt retry }
    ... on WaitStep { pollAfterMs }
    ... on PasswordResetRequiredStep { prompt }
    ... on CollectionStarted { message }
    ... on AuthenticationFailed { message providerCode }
  }
  continuation expiresAt providerCode updatedAt`;

const result = `{
    __typename
    ... on OperatorAuthentication { ${authentication} }
    ... on Refusal { requestId code message retryAfterMs providerCode }
    ... on OutcomeUnknown { requestId message pollAfterMs retryAfterMs }
  }`;

const keyed = (name: string, type: string) =>
  `mutation Answer($input: ${type}!, $key: ID) { ${name}(input: $input, idempotencyKey: $key) ${result} }`;

/** The mutations by name; variables are `input` and, but for continueOperatorAuthentication, `key`. */
export const operatorMutations = {
  startOperatorAuthentication: keyed('startOperatorAuthentication', 'StartOperatorAuthenticationInput'),
  submitServicePassword: keyed('submitServicePassword', 'SubmitServicePasswordInput'),
  submitSmsCaptcha: keyed('submitSmsCaptcha', 'SubmitSmsCaptchaInput'),
  resendSmsCaptcha: keyed('resendSmsCaptcha', 'ResendSmsCaptchaInput'),
  submitQueryPassword: keyed('submitQueryPassword', 'SubmitQueryPasswordInput'),
  continueOperatorAuthentication: `
    mutation Answer($input: ContinueOperatorAuthenticationInput!) {
      continueOperatorAuthentication(input: $input) ${result}
    }`,
} as const;

export type OperatorMutation = keyof typeof operatorMutations;

export const readAuthentication = `
  query Authentication($id: ID!) { operatorAuthentication(id: $id) { __typename ${authentication} } }`;

export const listSources = `{ operatorDataSources { __typename ${source} } }`;
