// The 25 scenes of the gateway: each reaches it under its own template, and tells people its code and its name.
// The table is typed from the source document.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../support/server.js';
import { askForBankCode, bankCodeWish } from './bank-code.js';

const purposes = [
  ['OPEN_ACCOUNT', 'C01', '开户'],
  ['VERIFY_OWN_BANK_CARD', 'C02', '本行卡验证'],
  ['MOVE_MONEY', 'C03', '动账类交易'],
  ['CLOSE_ACCOUNT', 'C04', '电子账户销户'],
  ['UNLOCK_DORMANT_ACCOUNT', 'C05', '电子账户解锁'],
  ['CHANGE_TRANSACTION_PASSWORD', 'P01', '交易密码变更'],
  ['UNLOCK_TRANSACTION_PASSWORD', 'P02', '交易密码解锁'],
  ['APPLY_TO_RESET_TRANSACTION_PASSWORD', 'P03', '交易密码重置申请'],
  ['RESET_TRANSACTION_PASSWORD', 'P04', '交易密码重置'],
  ['CHANGE_PHONE_VERIFY_OLD', 'P05', '验证原手机验证码'],
  ['CHANGE_PHONE_OLD_UNREACHABLE', 'P06', '原手机号不能收到短信'],
  ['CHANGE_PHONE_VERIFY_NEW', 'P07', '验证新手机验证码'],
  ['SIGN_ZERO_BALANCE', 'P08', '零余额签约'],
  ['CANCEL_ZERO_BALANCE', 'P09', '零余额解约'],
  ['APPLY_TO_CHANGE_BOUND_CARD', 'P10', '变更绑定卡申请'],
  ['CHANGE_BOUND_CARD', 'P11', '变更绑定卡'],
  ['CANCEL_TRANSACTION_NOTICE', 'P12', '动账通知服务解约'],
  ['SIGN_SCAN_TO_PAY', 'P13', '扫码付签约'],
  ['SIGN_SMALL_AMOUNT_WITHOUT_PASSWORD', 'P14', '小额免密签约'],
  ['AUTHORISE_LOAN_APPLICATION', 'P15', '优E贷申请授权'],
  ['SIGN_BILL_PAYMENT_ACCOUNT_PHONE', 'P16', '发送到电子账户预留手机号'],
  ['SIGN_BILL_PAYMENT_CORE_PHONE', 'P17', '发送到核心预留手机号'],
  ['BUY_WEALTH_PRODUCT', 'P21', '新多利D产品购买'],
  ['ADD_BOUND_CARD', 'P22', '添加绑定卡'],
  ['SCAN_TO_PAY_CLASS_B', 'P27', '扫码付B级支付'],
] as const;
/** The bank sends to a number that it holds, whatever number was named. */
const toHeldNumber: readonly string[] = ['P16', 'P17'];

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

describe('the purpose of a bank code', () => {
  it.each(purposes)('%s is the scene %s: %s', async (purpose, code, name) => {
    const wish = bankCodeWish({ purpose });
    const sent = await askForBankCode(server, wish, { token });
    expect(sent).toMatchObject({
      __typename: 'VerificationCodeSent',
      maskedPhone: toHeldNumber.includes(code) ? null : `138****${wish.phone.slice(-4)}`,
      // Only usercoin's test environment tells the code.
      testCode: null,
    });
    const [message] = await server.inbox(wish.phone);
    expect(message?.text).toContain(name);
  });

  it('says in the schema which code it stands for, and its Chinese name', async () => {
    const { data } = await server.graphql(
      '{ __type(name: "BankCodePurpose") { enumValues { name description } } }',
    );
    const described = new Map<string, string>(
      data.__type.enumValues.map(({ name, description }: Record<string, string>) => [name, description]),
    );
    expect([...described.keys()]).toEqual(purposes.map(([purpose]) => purpose));
    for (const [purpose, code, name] of purposes) {
      expect(described.get(purpose)).toMatch(new RegExp(`^${code} .*${name}`));
    }
  });

  it('stands in the record', async () => {
    const auditor = await server.token({ role: 'auditor' });
    const { data } = await server.graphql(
      `{ auditRecords(first: 200, filter: { provider: "qingsong-bank" }) { edges { node { purpose } } } }`,
      {},
      { token: auditor },
    );
    const found = data.auditRecords.edges.map(({ node }: { node: { purpose: string } }) => node.purpose);
    expect(found.sort()).toEqual(purposes.map(([purpose]) => purpose).sort());
  });
});
