// What people call this provider, and what its codes say to them. The console reads this too: nothing but words here.
import type { Text } from '../../language.js';

export const name: Text = { zh: 'usercoin 短信', en: 'usercoin SMS' };

export const codeWords: Readonly<Record<string, Text>> = {
  '0': { zh: '已受理发送', en: 'Taken for sending' },
  '10032': { zh: '短信认证过于频繁', en: 'Too many codes were asked for' },
  '10007': { zh: '会话无效', en: 'The session is not valid' },
  '10008': { zh: '会话已过期', en: 'The session is over' },
  '10021': { zh: '该身份证已注册', en: 'This ID card is registered already' },
  '10040': { zh: '未完成身份认证', en: 'The identity has not been verified' },
  '10046': { zh: '银行卡与姓名不符', en: 'Bank card and name do not go together' },
  '10217': { zh: '支付密码重置审核中', en: 'A reset of the payment password is pending' },
  '338': { zh: '需先完成高级认证', en: 'Advanced verification is needed first' },
  '339': { zh: '高级认证未通过', en: 'Advanced verification has not been passed' },
  '127': { zh: '图形验证码错误', en: 'The picture captcha is wrong' },
  '14': { zh: '签名或参数错误，须我方修正', en: 'Signature or parameter wrong: ours to mend' },
};
