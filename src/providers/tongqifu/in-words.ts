// What people call this provider, and what its codes say to them. The console reads this too: nothing but words here.
import type { Text } from '../../language.js';

export const name: Text = { zh: '通企付', en: 'Tongqifu' };

export const codeWords: Readonly<Record<string, Text>> = {
  '0': { zh: '已受理', en: 'Taken' },
  '3000': { zh: '已受理，待人工审核', en: 'Taken, and reviewed by people' },
  '10': { zh: '系统异常', en: 'System exception' },
  '11': { zh: '参数错误，须我方修正', en: 'A parameter is wrong: ours to mend' },
  '12': { zh: '数据库异常', en: 'An error of its database' },
  '4000': { zh: '商户用户名或密码错误', en: "The merchant's user name or password is wrong" },
  '5000': { zh: '数据新增失败', en: 'Its database could not insert' },
  '5001': { zh: '数据删除失败', en: 'Its database could not delete' },
  '5002': { zh: '数据修改失败', en: 'Its database could not change a record' },
  '5003': { zh: '数据不存在', en: 'Its database could not find the record' },
  '5004': { zh: '数据库连接失败', en: 'Its database could not be reached' },
  '9999': { zh: '业务错误，原因见其原文', en: 'A business error; only its text says which' },
};
