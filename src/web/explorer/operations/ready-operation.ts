// What a ready operation is, and who may run it.

export const roles = ['anonymous', 'user', 'service', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface ReadyOperation {
  /** The name in its query; a tab with an operation of this name takes on its role. */
  name: string;
  title: { zh: string; en: string };
  /** The role it needs. */
  role: Role;
  query: string;
  /** Called each time the operation is opened. */
  variables?: () => Record<string, unknown>;
  /** Stands among the tabs that a new visitor finds. */
  firstTab?: true;
}

/** A new intent each time an example is opened; randomUUID is missing on plain-http origins other than localhost. */
export const freshKey = () =>
  `explorer-${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

/** The two outcomes of every mutation that are not the hoped-for one. */
export const otherOutcomes = `
    ... on Refusal {
      requestId
      code
      reason: message
      retryAfterMs
      providerCode
    }
    # 可能已办理，绝不重发 · perhaps done, never resent
    ... on OutcomeUnknown {
      requestId
      unknown: message
      pollAfterMs
      retryAfterMs
    }`;
