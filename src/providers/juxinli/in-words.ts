// What people call this provider, and what its codes say to them. The console reads this too: nothing but words here.
import type { Text } from '../../language.js';

export const name: Text = { zh: '聚信立运营商认证', en: 'Juxinli operator authentication' };

export const codeWords: Readonly<Record<string, Text>> = {
  'success=true': { zh: '已受理', en: 'Taken' },
  'success=false': { zh: '被拒绝，未给出代码', en: 'Refused without a code' },
  '0': { zh: '采集超时或运营商网站不可用', en: "Timed out, or the operator's site is down" },
  '10001': { zh: '需再次输入短信验证码', en: 'A second SMS code is wanted' },
  '10002': { zh: '需输入短信验证码', en: 'An SMS code is wanted' },
  '10003': { zh: '服务密码错误', en: 'The service password is wrong' },
  '10004': { zh: '短信验证码错误', en: 'The SMS code is wrong' },
  '10006': { zh: '短信验证码失效，已重新下发', en: 'The SMS code expired; another was sent' },
  '10007': { zh: '服务密码过于简单或为初始密码', en: 'The service password is too weak or the initial one' },
  '10008': { zh: '该数据源采集完成', en: 'This source is done' },
  '10009': {
    zh: '身份或联系人信息无效，须重新申请',
    en: 'Identity or contacts are not valid: apply anew',
  },
  '10010': { zh: '新密码格式不符合要求', en: 'The new password does not meet the format' },
  '10017': { zh: '需用本机发送 CXXD 到 10001 取验证码', en: 'The person must text CXXD to 10001 for a code' },
  '10018': { zh: '短信取的验证码失效，需重新发送', en: 'The code asked for by SMS expired: text again' },
  '10022': { zh: '需输入查询密码', en: 'The query password is wanted' },
  '10023': { zh: '查询密码错误', en: 'The query password is wrong' },
  '11000': { zh: '服务密码已重置', en: 'The service password was reset' },
  '20007': { zh: '采集失败，须重新申请', en: 'Collecting failed: apply anew' },
  '30000': { zh: '服务方错误，须重新申请', en: 'An error at the provider: apply anew' },
  '31000': { zh: '运营商错误，须重新申请', en: 'An error at the operator: apply anew' },
  '65545': { zh: '联系人手机号无效', en: "A contact's phone is not valid" },
  '65555': { zh: '运营商维护中', en: 'The operator is under maintenance' },
  '65557': { zh: '申请已受理', en: 'The application was taken' },
};
