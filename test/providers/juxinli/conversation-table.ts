// What wire-facts says of the conversation, typed by hand and sharing no code with src: for every state and sent
// turn, what each process_code leads to. A row is a code, the `type` it comes with, and where it leads.

/** A state, abridged: kind, then what distinguishes it. */
export type Place =
  | 'password'
  | 'password, again'
  | 'password of the next source'
  | 'captcha FIRST'
  | 'captcha SECOND'
  | 'captcha WRONG'
  | 'captcha EXPIRED_AND_RESENT'
  | 'captcha RESENT'
  | 'captcha FIRST, by SMS'
  | 'captcha WRONG, by SMS'
  | 'captcha EXPIRED_AND_RESENT, by SMS'
  | 'captcha RESENT, by SMS'
  | 'query password'
  | 'query password, again'
  | 'waiting'
  | 'reset the password'
  | 'started'
  | 'failed';

export interface Row {
  code: string;
  type: 'CONTROL' | 'ERROR' | 'RUNNING' | '';
  finish?: boolean;
  /** With next_datasource. */
  next?: boolean;
  /** req_msg_tpl.type */
  template?: string;
  leadsTo: Place;
  /** Where it leads after RESEND_CAPTCHA, if elsewhere. */
  afterResend?: Place;
  /** Where it leads when the code has to be texted for, if elsewhere. */
  whenBySms?: Place;
}

export const rows: readonly Row[] = [
  { code: '10001', type: 'CONTROL', leadsTo: 'captcha SECOND' },
  { code: '10001', type: 'CONTROL', template: 'SUBMIT_CAPTCHA', leadsTo: 'captcha SECOND' },
  { code: '10002', type: 'CONTROL', leadsTo: 'captcha FIRST', afterResend: 'captcha RESENT' },
  {
    code: '10002',
    type: 'CONTROL',
    template: 'SUBMIT_CAPTCHA',
    leadsTo: 'captcha FIRST',
    afterResend: 'captcha RESENT',
  },
  { code: '10003', type: 'CONTROL', leadsTo: 'password, again' },
  { code: '10003', type: 'ERROR', leadsTo: 'password, again' },
  { code: '10004', type: 'CONTROL', leadsTo: 'captcha WRONG', whenBySms: 'captcha WRONG, by SMS' },
  { code: '10004', type: 'ERROR', leadsTo: 'captcha WRONG', whenBySms: 'captcha WRONG, by SMS' },
  { code: '10006', type: 'CONTROL', leadsTo: 'captcha EXPIRED_AND_RESENT' },
  { code: '10007', type: 'CONTROL', leadsTo: 'reset the password' },
  { code: '10007', type: 'ERROR', leadsTo: 'reset the password' },
  { code: '10008', type: 'CONTROL', finish: true, leadsTo: 'started' },
  { code: '10008', type: 'CONTROL', finish: true, next: true, leadsTo: 'started' },
  { code: '10008', type: 'CONTROL', finish: false, next: true, leadsTo: 'password of the next source' },
  { code: '10008', type: 'CONTROL', finish: false, leadsTo: 'started' },
  { code: '10008', type: '', finish: true, leadsTo: 'started' },
  { code: '10009', type: 'ERROR', leadsTo: 'failed' },
  { code: '10009', type: 'CONTROL', leadsTo: 'failed' },
  { code: '10010', type: 'CONTROL', leadsTo: 'reset the password' },
  { code: '10017', type: 'CONTROL', leadsTo: 'captcha FIRST, by SMS' },
  { code: '10018', type: 'CONTROL', leadsTo: 'captcha EXPIRED_AND_RESENT, by SMS' },
  { code: '10022', type: 'CONTROL', leadsTo: 'query password' },
  { code: '10022', type: 'CONTROL', template: 'SUBMIT_QUERY_PWD', leadsTo: 'query password' },
  { code: '10023', type: 'CONTROL', leadsTo: 'query password, again' },
  { code: '11000', type: 'CONTROL', leadsTo: 'password' },
  { code: '20007', type: 'ERROR', leadsTo: 'failed' },
  { code: '30000', type: 'ERROR', leadsTo: 'failed' },
  { code: '30000', type: 'CONTROL', leadsTo: 'failed' },
  { code: '31000', type: 'ERROR', leadsTo: 'failed' },
  { code: '0', type: 'RUNNING', leadsTo: 'waiting' },
  { code: '0', type: 'CONTROL', leadsTo: 'waiting' },
  { code: '0', type: '', leadsTo: 'waiting' },
  { code: '0', type: 'ERROR', leadsTo: 'failed' },
  { code: '', type: 'RUNNING', leadsTo: 'waiting' },
  // Codes that nobody has documented.
  { code: '', type: 'ERROR', leadsTo: 'failed' },
  { code: '', type: 'CONTROL', leadsTo: 'failed' },
  { code: '', type: 'CONTROL', finish: true, leadsTo: 'started' },
  { code: '19999', type: 'RUNNING', leadsTo: 'waiting' },
  { code: '19999', type: 'ERROR', leadsTo: 'failed' },
  { code: '19999', type: 'ERROR', template: 'SUBMIT_CAPTCHA', leadsTo: 'failed' },
  { code: '19999', type: 'CONTROL', leadsTo: 'failed' },
  { code: '19999', type: 'CONTROL', template: 'SUBMIT_SOMETHING', leadsTo: 'failed' },
  { code: '19999', type: 'CONTROL', finish: true, leadsTo: 'started' },
  {
    code: '19999',
    type: 'CONTROL',
    template: 'SUBMIT_CAPTCHA',
    leadsTo: 'captcha FIRST',
    afterResend: 'captcha RESENT',
  },
  { code: '19999', type: 'CONTROL', template: 'SUBMIT_QUERY_PWD', leadsTo: 'query password' },
  { code: '19999', type: 'CONTROL', template: 'SUBMIT_RESET_PWD', leadsTo: 'reset the password' },
];

/** Every code of the document's table is among the rows, apart from those of the report side. */
export const documentedCodes = [
  '10001',
  '10002',
  '10003',
  '10004',
  '10006',
  '10007',
  '10008',
  '10009',
  '10010',
  '10017',
  '10018',
  '10022',
  '10023',
  '11000',
  '20007',
  '30000',
  '31000',
  '0',
];
