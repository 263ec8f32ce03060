// The gateway's 25 scenes: what each is for, its template_id, and whether the bank sends to a number of its own.
// Source: 轻松教育API, "获取验证码" (C01–C05, P01–P17, P21, P22, P27).

interface Purpose {
  templateId: string;
  zh: string;
  en: string;
  /** The code goes to a number that the bank holds, whatever number the request names. */
  sendsToHeldNumber?: true;
}

/** In the document's order; the names are those of the contract. */
export const bankCodePurposes = {
  OPEN_ACCOUNT: { templateId: 'C01', zh: '开户', en: 'open an account' },
  VERIFY_OWN_BANK_CARD: { templateId: 'C02', zh: '本行卡验证', en: "verify one of the bank's own cards" },
  MOVE_MONEY: { templateId: 'C03', zh: '动账类交易', en: 'a transaction that moves money' },
  CLOSE_ACCOUNT: { templateId: 'C04', zh: '电子账户销户', en: 'close the electronic account' },
  UNLOCK_DORMANT_ACCOUNT: {
    templateId: 'C05',
    zh: '电子账户解锁（核心六个月无交易）',
    en: 'unlock an electronic account that has seen no transaction for six months',
  },
  CHANGE_TRANSACTION_PASSWORD: {
    templateId: 'P01',
    zh: '交易密码变更',
    en: 'change the transaction password',
  },
  UNLOCK_TRANSACTION_PASSWORD: {
    templateId: 'P02',
    zh: '交易密码解锁',
    en: 'unlock the transaction password',
  },
  APPLY_TO_RESET_TRANSACTION_PASSWORD: {
    templateId: 'P03',
    zh: '交易密码重置申请',
    en: 'apply to reset the transaction password',
  },
  RESET_TRANSACTION_PASSWORD: { templateId: 'P04', zh: '交易密码重置', en: 'reset the transaction password' },
  CHANGE_PHONE_VERIFY_OLD: {
    templateId: 'P05',
    zh: '手机号码修改（原手机号可以收到短信，验证原手机验证码）',
    en: 'change the phone number: verify the old number, which still receives messages',
  },
  CHANGE_PHONE_OLD_UNREACHABLE: {
    templateId: 'P06',
    zh: '手机号码修改（原手机号不能收到短信）',
    en: 'change the phone number: the old number receives no messages any more',
  },
  CHANGE_PHONE_VERIFY_NEW: {
    templateId: 'P07',
    zh: '手机号码修改（原手机号可以收到短信，验证新手机验证码）',
    en: 'change the phone number: verify the new number, the old one still receives messages',
  },
  SIGN_ZERO_BALANCE: { templateId: 'P08', zh: '零余额签约', en: 'sign up for zero balance' },
  CANCEL_ZERO_BALANCE: { templateId: 'P09', zh: '零余额解约', en: 'cancel zero balance' },
  APPLY_TO_CHANGE_BOUND_CARD: {
    templateId: 'P10',
    zh: '变更绑定卡申请',
    en: 'apply to change the bound card',
  },
  CHANGE_BOUND_CARD: { templateId: 'P11', zh: '变更绑定卡', en: 'change the bound card' },
  CANCEL_TRANSACTION_NOTICE: {
    templateId: 'P12',
    zh: '动账通知服务解约',
    en: 'cancel the notices of transactions',
  },
  SIGN_SCAN_TO_PAY: { templateId: 'P13', zh: '扫码付签约', en: 'sign up for scan-to-pay' },
  SIGN_SMALL_AMOUNT_WITHOUT_PASSWORD: {
    templateId: 'P14',
    zh: '小额免密签约',
    en: 'sign up for small amounts without password',
  },
  AUTHORISE_LOAN_APPLICATION: {
    templateId: 'P15',
    zh: '优E贷申请授权',
    en: 'authorise the application for a 优E贷 loan',
  },
  SIGN_BILL_PAYMENT_ACCOUNT_PHONE: {
    templateId: 'P16',
    zh: '支付缴费签约（发送到电子账户预留手机号）',
    en: "sign up for bill payment; the code goes to the electronic account's phone",
    sendsToHeldNumber: true,
  },
  SIGN_BILL_PAYMENT_CORE_PHONE: {
    templateId: 'P17',
    zh: '支付缴费签约（发送到核心预留手机号）',
    en: "sign up for bill payment; the code goes to the phone in the bank's core system",
    sendsToHeldNumber: true,
  },
  BUY_WEALTH_PRODUCT: { templateId: 'P21', zh: '新多利D产品购买', en: 'buy the 新多利D product' },
  ADD_BOUND_CARD: { templateId: 'P22', zh: '添加绑定卡', en: 'add a bound card' },
  SCAN_TO_PAY_CLASS_B: { templateId: 'P27', zh: '扫码付B级支付', en: 'a scan-to-pay payment of class B' },
} as const satisfies Record<string, Purpose>;

export type BankCodePurpose = keyof typeof bankCodePurposes;
export type TemplateId = (typeof bankCodePurposes)[BankCodePurpose]['templateId'];

/** The scene of a template_id; undefined where the document has none. */
export function purposeOfTemplate(templateId: string): Purpose | undefined {
  return byTemplate.get(templateId);
}

const byTemplate = new Map<string, Purpose>(
  Object.values(bankCodePurposes).map((purpose) => [purpose.templateId, purpose]),
);
