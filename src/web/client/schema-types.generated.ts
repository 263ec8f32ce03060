// Made from schema.graphql by npm run operations. Do not edit.

export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** ISO 8601, UTC. */
  DateTime: { input: string; output: string; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  /** A phone number. Accepted in any usual writing (+86 138 0013 8000, 13800138000, full-width digits); a number without a country code is mainland China's. Stored and compared in E.164. Personal. */
  PhoneNumber: { input: string; output: string; }
};

/** What was asked for. */
export type RequestKind =
  /** A verification code by SMS. */
  | 'VERIFICATION_CODE'
  /** Binding a phone to a member. */
  | 'PHONE_BINDING'
  /** A user token. */
  | 'USER_TOKEN'
  /** A conversation with a phone's operator. */
  | 'OPERATOR_AUTHENTICATION'
  /** A notice that belongs to no request: forged or unmatched; one record a source and hour. */
  | 'WEBHOOK'
  /** Reading, revealing, exporting, erasing. */
  | 'AUDIT_ACCESS';

/** How a request ended. */
export type Outcome =
  /** It is under way, or was cut off and not yet found. */
  | 'PENDING'
  /** The provider took it. No provider tells whether an SMS arrived. */
  | 'ACCEPTED'
  /** The provider refused. */
  | 'REFUSED'
  /** We did not let it out: nothing was sent. */
  | 'DENIED'
  /** The provider may or may not have acted. */
  | 'UNKNOWN';

/** What an entry says of its record. */
export type AuditEntryKind =
  /** Written before a provider is called. */
  | 'INTENT'
  /** Written before anybody is told how it ended. */
  | 'OUTCOME'
  /** A notice of the provider. */
  | 'CALLBACK'
  /** An auditor read a page of records. */
  | 'READ'
  /** An admin saw the record unmasked. */
  | 'REVEAL'
  /** Records were exported. */
  | 'EXPORT'
  /** A person's data was made unreadable. */
  | 'ERASE';

/** All conditions that are given must hold. */
export type AuditRecordFilter = {
  /** Whom the record is about. */
  readonly subject?: InputMaybe<SubjectInput>;
  /** All records of one operator authentication or phone binding. */
  readonly flow?: InputMaybe<Scalars['ID']['input']>;
  /** Such as REGISTER. */
  readonly purpose?: InputMaybe<Scalars['String']['input']>;
  /** The provider's own reference: task id, sequence, serial or trace number. */
  readonly providerReference?: InputMaybe<Scalars['String']['input']>;
  /** What was asked for. */
  readonly kind?: InputMaybe<RequestKind>;
  /** The provider's id, as in providers. */
  readonly provider?: InputMaybe<Scalars['String']['input']>;
  /** Any of these. */
  readonly outcomes?: InputMaybe<ReadonlyArray<Outcome>>;
  /** The authenticated caller: the token's sub. */
  readonly actor?: InputMaybe<Scalars['String']['input']>;
  /** The front-end application. */
  readonly client?: InputMaybe<Scalars['String']['input']>;
  /** Created at or after. */
  readonly from?: InputMaybe<Scalars['DateTime']['input']>;
  /** Created before. */
  readonly to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A person, by whatever the complaint brings. Exactly one of its members. */
export type SubjectInput =
  /** By phone. Personal. */
  { readonly phone: Scalars['PhoneNumber']['input']; readonly personId?: never; readonly memberId?: never; }
  |  /** By student or teacher id. */
  { readonly phone?: never; readonly personId: Scalars['ID']['input']; readonly memberId?: never; }
  |  /** By enterprise member id. */
  { readonly phone?: never; readonly personId?: never; readonly memberId: Scalars['ID']['input']; };

/** By what a summary counts. */
export type SummaryBucket =
  /** Hours, UTC. */
  | 'HOUR'
  /** Days, UTC. */
  | 'DAY';

/** Whether a source can be asked. */
export type DataSourceStatus =
  /** Not yet. */
  | 'IN_DEVELOPMENT'
  /** Yes. */
  | 'ONLINE'
  /** Not now. */
  | 'OFFLINE'
  /** The provider says something else. */
  | 'UNKNOWN';

/** Why a captcha is wanted. */
export type CaptchaReason =
  /** The first one. */
  | 'FIRST'
  /** The operator wants another one. */
  | 'SECOND'
  /** The last one was wrong. */
  | 'WRONG'
  /** The last one came too late; a new one was sent. */
  | 'EXPIRED_AND_RESENT'
  /** A new one was asked for. */
  | 'RESENT';

/** Where a binding stands. */
export type PhoneBindingStatus =
  /** The legal person got a code by SMS. */
  | 'CODE_SENT'
  /** The authorised person has to sign, at signingUrl. */
  | 'AWAITING_SIGNATURE'
  /** The provider reviews the agreement. */
  | 'UNDER_REVIEW'
  /** Done. Final. */
  | 'BOUND'
  /** The provider said no. */
  | 'FAILED';

/** Whether calls to a provider are let through, as this server's process sees it. */
export type BreakerState =
  /** Calls are let through. */
  | 'CLOSED'
  /** Too many calls broke off lately: none is let through. */
  | 'OPEN'
  /** One call is let through, to try. */
  | 'HALF_OPEN';

/** Why something was refused. Stable: clients switch on it. */
export type RefusalCode =
  /** Too often; see retryAfterMs. */
  | 'RATE_LIMITED'
  /** No more messages today. */
  | 'BUDGET_EXHAUSTED'
  /** Numbers of this country are not served. */
  | 'DESTINATION_NOT_ALLOWED'
  /** Solve the challenge in humanCheck and ask again. */
  | 'HUMAN_CHECK_REQUIRED'
  /** What was asked for had been done before. */
  | 'ALREADY_DONE'
  /** A password is wrong. */
  | 'WRONG_CREDENTIALS'
  /** A code is wrong. */
  | 'WRONG_CODE'
  /** A code came too late. */
  | 'CODE_EXPIRED'
  /** The person does not meet a condition of the provider. */
  | 'NOT_ELIGIBLE'
  /** The provider refused; providerCode may say more. */
  | 'REFUSED_BY_PROVIDER';

/** Whose phone is authenticated. */
export type StartOperatorAuthenticationInput = {
  /** As on the ID card. Personal. */
  readonly name: Scalars['String']['input'];
  /** Number of the ID card, 18 places. Personal. */
  readonly idNumber: Scalars['String']['input'];
  /** A mobile of mainland China. Personal. */
  readonly phone: Scalars['PhoneNumber']['input'];
  /** Personal. */
  readonly homeAddress?: InputMaybe<Scalars['String']['input']>;
  /** Personal. */
  readonly homePhone?: InputMaybe<Scalars['String']['input']>;
  /** Personal. */
  readonly workAddress?: InputMaybe<Scalars['String']['input']>;
  /** Personal. */
  readonly workPhone?: InputMaybe<Scalars['String']['input']>;
  /** People who know the person. */
  readonly contacts?: InputMaybe<ReadonlyArray<ContactInput>>;
};

/** Somebody who knows the person. */
export type ContactInput = {
  /** Personal. */
  readonly name: Scalars['String']['input'];
  /** Personal. */
  readonly phone: Scalars['PhoneNumber']['input'];
  /** What the contact is to the person. */
  readonly relation: ContactRelation;
};

/** What a contact is to the person. */
export type ContactRelation =
  /** 配偶：husband or wife. */
  | 'SPOUSE'
  /** 父母：father or mother. */
  | 'PARENT'
  /** 兄弟姐妹：brother or sister. */
  | 'SIBLING'
  /** 子女：son or daughter. */
  | 'CHILD'
  /** 同事：from work. */
  | 'COLLEAGUE'
  /** 同学：from school. */
  | 'CLASSMATE'
  /** 朋友：a friend. */
  | 'FRIEND';

/** Answers a ServicePasswordStep, and a PasswordResetRequiredStep once it is changed. */
export type SubmitServicePasswordInput = {
  /** The authentication's id. */
  readonly id: Scalars['ID']['input'];
  /** The latest one received. Secret. */
  readonly continuation: Scalars['String']['input'];
  /** The login name where the source is not the phone's operator; absent: the phone. Personal. */
  readonly account?: InputMaybe<Scalars['String']['input']>;
  /** Secret. */
  readonly password: Scalars['String']['input'];
};

/** Answers an SmsCaptchaStep. */
export type SubmitSmsCaptchaInput = {
  /** The authentication's id. */
  readonly id: Scalars['ID']['input'];
  /** The latest one received. Secret. */
  readonly continuation: Scalars['String']['input'];
  /** Secret. */
  readonly captcha: Scalars['String']['input'];
};

/** Asks for another captcha. */
export type ResendSmsCaptchaInput = {
  /** The authentication's id. */
  readonly id: Scalars['ID']['input'];
  /** The latest one received. Secret. */
  readonly continuation: Scalars['String']['input'];
};

/** Answers a QueryPasswordStep. */
export type SubmitQueryPasswordInput = {
  /** The authentication's id. */
  readonly id: Scalars['ID']['input'];
  /** The latest one received. Secret. */
  readonly continuation: Scalars['String']['input'];
  /** Secret. */
  readonly password: Scalars['String']['input'];
};

/** Goes on after a WaitStep. */
export type ContinueOperatorAuthenticationInput = {
  /** The authentication's id. */
  readonly id: Scalars['ID']['input'];
  /** The latest one received. Secret. */
  readonly continuation: Scalars['String']['input'];
};

/** Which phone, for which member. */
export type BindPhoneInput = {
  /** The merchant's member number. Personal. */
  readonly memberId: Scalars['ID']['input'];
  /** A mobile of mainland China. Personal. */
  readonly phone: Scalars['PhoneNumber']['input'];
  /** Absent: the legal person's phone. Present: the phone of the person whom the enterprise authorises. */
  readonly authorisedPerson?: InputMaybe<AuthorisedPersonInput>;
  /** Where the browser goes after signing online, with ?binding=ID; must be on the configured list. Absent: this server's own page. */
  readonly returnUrl?: InputMaybe<Scalars['String']['input']>;
};

/** The person whom the enterprise authorises. */
export type AuthorisedPersonInput = {
  /** How. */
  readonly authorisation: Authorisation;
  /** Name. Personal. */
  readonly name: Scalars['String']['input'];
  /** Number of the ID card. Personal. */
  readonly idNumber: Scalars['String']['input'];
  /** Required with OFFLINE, refused with ONLINE: the id that the provider gave the uploaded agreement. */
  readonly agreementFileId?: InputMaybe<Scalars['String']['input']>;
};

/** How the enterprise authorises the person. */
export type Authorisation =
  /** 线上：by signing on a page. */
  | 'ONLINE'
  /** 线下：by an uploaded agreement, which is reviewed. */
  | 'OFFLINE';

/** The code that the SMS brought. */
export type ConfirmPhoneBindingInput = {
  /** The binding's id. */
  readonly id: Scalars['ID']['input'];
  /** Secret. */
  readonly code: Scalars['String']['input'];
};

/** Which token. */
export type IssueUserTokenInput = {
  /** Empty where the partner needs none. */
  readonly partner?: InputMaybe<Scalars['String']['input']>;
  /** Required for partners that need a ding_unionid. */
  readonly appSystemId?: InputMaybe<Scalars['String']['input']>;
  /** Absent: a token for no person in particular. */
  readonly person?: InputMaybe<TokenPersonInput>;
};

/** The person whom a token stands for. */
export type TokenPersonInput = {
  /** As whom the token speaks. */
  readonly role: TokenPersonRole;
  /** Teacher or parent. Personal. */
  readonly personId: Scalars['ID']['input'];
  /** The school (fgsid). */
  readonly schoolId: Scalars['ID']['input'];
  /** Required for PARENT. Personal. */
  readonly studentId?: InputMaybe<Scalars['ID']['input']>;
};

/** As whom the token speaks. */
export type TokenPersonRole =
  /** 老师：a teacher. */
  | 'TEACHER'
  /** 家长（学生）：parent or student. */
  | 'PARENT';

/** Exactly one of its members. */
export type RequestVerificationCodeInput =
  /** For an account at usercoin. */
  { readonly account: AccountCodeInput; readonly bank?: never; }
  |  /** For an operation of a bank. Signed in. */
  { readonly account?: never; readonly bank: BankCodeInput; };

/** A code for an account at usercoin. */
export type AccountCodeInput = {
  /** Where the code goes. Personal. */
  readonly phone: Scalars['PhoneNumber']['input'];
  /** What the code is for. */
  readonly purpose: AccountCodePurpose;
  /** With OTHER only: usercoin's own number of the scene, from the configured list. */
  readonly providerType?: InputMaybe<Scalars['String']['input']>;
  /** usercoin's id of the account, where the scene needs it. */
  readonly userId?: InputMaybe<Scalars['String']['input']>;
  /** Name of the account, where the scene needs it. Personal. */
  readonly username?: InputMaybe<Scalars['String']['input']>;
};

/** What the code is for. */
export type AccountCodePurpose =
  /** 注册：a new account. */
  | 'REGISTER'
  /** 找回密码：a forgotten password. */
  | 'RESET_PASSWORD'
  /** Another scene of the provider, by its number in providerType. */
  | 'OTHER';

/** A code for an operation of a bank. Signed in. */
export type BankCodeInput = {
  /** A mobile of mainland China. Personal. */
  readonly phone: Scalars['PhoneNumber']['input'];
  /** Which bank. */
  readonly bank?: Bank;
  /** The school (fgsid). */
  readonly schoolId: Scalars['ID']['input'];
  /** Student or teacher. Personal. */
  readonly personId: Scalars['ID']['input'];
  /** What the code is for. */
  readonly purpose: BankCodePurpose;
};

/** A bank behind the gateway. */
export type Bank =
  /** 民生银行：China Minsheng Bank. */
  | 'MINSHENG';

/** The 25 scenes of the gateway's template_id; the description of each names its code. */
export type BankCodePurpose =
  /** C01 开户: open an account. */
  | 'OPEN_ACCOUNT'
  /** C02 本行卡验证: verify one of the bank's own cards. */
  | 'VERIFY_OWN_BANK_CARD'
  /** C03 动账类交易: a transaction that moves money. */
  | 'MOVE_MONEY'
  /** C04 电子账户销户: close the electronic account. */
  | 'CLOSE_ACCOUNT'
  /** C05 电子账户解锁（核心六个月无交易）: unlock an electronic account that has seen no transaction for six months. */
  | 'UNLOCK_DORMANT_ACCOUNT'
  /** P01 交易密码变更: change the transaction password. */
  | 'CHANGE_TRANSACTION_PASSWORD'
  /** P02 交易密码解锁: unlock the transaction password. */
  | 'UNLOCK_TRANSACTION_PASSWORD'
  /** P03 交易密码重置申请: apply to reset the transaction password. */
  | 'APPLY_TO_RESET_TRANSACTION_PASSWORD'
  /** P04 交易密码重置: reset the transaction password. */
  | 'RESET_TRANSACTION_PASSWORD'
  /** P05 手机号码修改（原手机号可以收到短信，验证原手机验证码）: change the phone number: verify the old number, which still receives messages. */
  | 'CHANGE_PHONE_VERIFY_OLD'
  /** P06 手机号码修改（原手机号不能收到短信）: change the phone number: the old number receives no messages any more. */
  | 'CHANGE_PHONE_OLD_UNREACHABLE'
  /** P07 手机号码修改（原手机号可以收到短信，验证新手机验证码）: change the phone number: verify the new number, the old one still receives messages. */
  | 'CHANGE_PHONE_VERIFY_NEW'
  /** P08 零余额签约: sign up for zero balance. */
  | 'SIGN_ZERO_BALANCE'
  /** P09 零余额解约: cancel zero balance. */
  | 'CANCEL_ZERO_BALANCE'
  /** P10 变更绑定卡申请: apply to change the bound card. */
  | 'APPLY_TO_CHANGE_BOUND_CARD'
  /** P11 变更绑定卡: change the bound card. */
  | 'CHANGE_BOUND_CARD'
  /** P12 动账通知服务解约: cancel the notices of transactions. */
  | 'CANCEL_TRANSACTION_NOTICE'
  /** P13 扫码付签约: sign up for scan-to-pay. */
  | 'SIGN_SCAN_TO_PAY'
  /** P14 小额免密签约: sign up for small amounts without password. */
  | 'SIGN_SMALL_AMOUNT_WITHOUT_PASSWORD'
  /** P15 优E贷申请授权: authorise the application for a 优E贷 loan. */
  | 'AUTHORISE_LOAN_APPLICATION'
  /** P16 支付缴费签约（发送到电子账户预留手机号）: sign up for bill payment; the code goes to the electronic account's phone. */
  | 'SIGN_BILL_PAYMENT_ACCOUNT_PHONE'
  /** P17 支付缴费签约（发送到核心预留手机号）: sign up for bill payment; the code goes to the phone in the bank's core system. */
  | 'SIGN_BILL_PAYMENT_CORE_PHONE'
  /** P21 新多利D产品购买: buy the 新多利D product. */
  | 'BUY_WEALTH_PRODUCT'
  /** P22 添加绑定卡: add a bound card. */
  | 'ADD_BOUND_CARD'
  /** P27 扫码付B级支付: a scan-to-pay payment of class B. */
  | 'SCAN_TO_PAY_CLASS_B';
