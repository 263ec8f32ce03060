// The bank's scenes in words, grouped as people look for them.
import type { BankCodePurpose } from '../../client/schema-types.generated.js';
import type { Language } from '../language.js';

type Text = Record<Language, string>;

export const purposeWords: Record<BankCodePurpose, Text> = {
  OPEN_ACCOUNT: { zh: '开户', en: 'Open an account' },
  VERIFY_OWN_BANK_CARD: { zh: '本行卡验证', en: "Verify one of the bank's own cards" },
  MOVE_MONEY: { zh: '动账类交易', en: 'Move money' },
  CLOSE_ACCOUNT: { zh: '电子账户销户', en: 'Close the electronic account' },
  UNLOCK_DORMANT_ACCOUNT: { zh: '电子账户解锁', en: 'Unlock a dormant account' },
  CHANGE_TRANSACTION_PASSWORD: { zh: '交易密码变更', en: 'Change the password' },
  UNLOCK_TRANSACTION_PASSWORD: { zh: '交易密码解锁', en: 'Unlock the password' },
  APPLY_TO_RESET_TRANSACTION_PASSWORD: { zh: '交易密码重置申请', en: 'Apply to reset the password' },
  RESET_TRANSACTION_PASSWORD: { zh: '交易密码重置', en: 'Reset the password' },
  CHANGE_PHONE_VERIFY_OLD: { zh: '修改手机号：验证原手机', en: 'Change the phone: verify the old one' },
  CHANGE_PHONE_OLD_UNREACHABLE: {
    zh: '修改手机号：原手机收不到短信',
    en: 'Change the phone: the old one is unreachable',
  },
  CHANGE_PHONE_VERIFY_NEW: { zh: '修改手机号：验证新手机', en: 'Change the phone: verify the new one' },
  SIGN_ZERO_BALANCE: { zh: '零余额签约', en: 'Sign up for zero balance' },
  CANCEL_ZERO_BALANCE: { zh: '零余额解约', en: 'Cancel zero balance' },
  APPLY_TO_CHANGE_BOUND_CARD: { zh: '变更绑定卡申请', en: 'Apply to change the bound card' },
  CHANGE_BOUND_CARD: { zh: '变更绑定卡', en: 'Change the bound card' },
  ADD_BOUND_CARD: { zh: '添加绑定卡', en: 'Add a bound card' },
  CANCEL_TRANSACTION_NOTICE: { zh: '动账通知服务解约', en: 'Cancel transaction notices' },
  SIGN_SCAN_TO_PAY: { zh: '扫码付签约', en: 'Sign up for scan-to-pay' },
  SIGN_SMALL_AMOUNT_WITHOUT_PASSWORD: { zh: '小额免密签约', en: 'Small amounts without password' },
  AUTHORISE_LOAN_APPLICATION: { zh: '优E贷申请授权', en: 'Authorise a 优E贷 application' },
  SIGN_BILL_PAYMENT_ACCOUNT_PHONE: {
    zh: '支付缴费签约：发至电子账户预留手机',
    en: "Bill payment: to the account's phone",
  },
  SIGN_BILL_PAYMENT_CORE_PHONE: {
    zh: '支付缴费签约：发至核心预留手机',
    en: "Bill payment: to the core system's phone",
  },
  BUY_WEALTH_PRODUCT: { zh: '新多利D产品购买', en: 'Buy the 新多利D product' },
  SCAN_TO_PAY_CLASS_B: { zh: '扫码付B级支付', en: 'Scan-to-pay, class B' },
};

export const purposeGroups: readonly { title: Text; purposes: readonly BankCodePurpose[] }[] = [
  {
    title: { zh: '账户', en: 'Account' },
    purposes: [
      'OPEN_ACCOUNT',
      'VERIFY_OWN_BANK_CARD',
      'MOVE_MONEY',
      'CLOSE_ACCOUNT',
      'UNLOCK_DORMANT_ACCOUNT',
    ],
  },
  {
    title: { zh: '交易密码', en: 'Transaction password' },
    purposes: [
      'CHANGE_TRANSACTION_PASSWORD',
      'UNLOCK_TRANSACTION_PASSWORD',
      'APPLY_TO_RESET_TRANSACTION_PASSWORD',
      'RESET_TRANSACTION_PASSWORD',
    ],
  },
  {
    title: { zh: '手机号与绑定卡', en: 'Phone and bound card' },
    purposes: [
      'CHANGE_PHONE_VERIFY_OLD',
      'CHANGE_PHONE_OLD_UNREACHABLE',
      'CHANGE_PHONE_VERIFY_NEW',
      'APPLY_TO_CHANGE_BOUND_CARD',
      'CHANGE_BOUND_CARD',
      'ADD_BOUND_CARD',
    ],
  },
  {
    title: { zh: '签约与解约', en: 'Signing up and cancelling' },
    purposes: [
      'SIGN_ZERO_BALANCE',
      'CANCEL_ZERO_BALANCE',
      'CANCEL_TRANSACTION_NOTICE',
      'SIGN_SCAN_TO_PAY',
      'SIGN_SMALL_AMOUNT_WITHOUT_PASSWORD',
      'SIGN_BILL_PAYMENT_ACCOUNT_PHONE',
      'SIGN_BILL_PAYMENT_CORE_PHONE',
    ],
  },
  {
    title: { zh: '贷款、理财与支付', en: 'Loans, products, paying' },
    purposes: ['AUTHORISE_LOAN_APPLICATION', 'BUY_WEALTH_PRODUCT', 'SCAN_TO_PAY_CLASS_B'],
  },
];
