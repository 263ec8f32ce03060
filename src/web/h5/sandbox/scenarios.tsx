// Numbers whose last four digits make the sandbox do something; one tap puts them into the form.
import { phoneDraft } from '../elements/draft.js';
import { type Language, useLanguage, useWords } from '../language.js';
import { useRoute } from '../route.js';

type Text = Record<Language, string>;

const general: readonly [digits: string, Text][] = [
  ['8000', { zh: '一切顺利', en: 'Goes well' }],
  ['9001', { zh: '服务方拒绝', en: 'Refused' }],
  ['9002', { zh: '服务方限流', en: 'Too often' }],
  ['9003', { zh: '收下后没有回音', en: 'Taken, then silence' }],
  ['9004', { zh: 'HTTP 500', en: 'HTTP 500' }],
  ['9006', { zh: '迟 3 秒', en: '3 s late' }],
  ['9007', { zh: '收下后断线', en: 'Taken, then cut off' }],
];
const ofOperator: readonly [digits: string, Text][] = [
  ['9011', { zh: '需第二个验证码', en: 'A second code' }],
  ['9012', { zh: '服务密码错误', en: 'Wrong password' }],
  ['9013', { zh: '密码过于简单', en: 'Password too simple' }],
  ['9014', { zh: '需自己发短信', en: 'Text for the code' }],
  ['9015', { zh: '需查询密码', en: 'Query password' }],
  ['9016', { zh: '先要等待', en: 'Busy first' }],
  ['9017', { zh: '还有另一数据源', en: 'Another source' }],
  ['9018', { zh: '认证失败', en: 'Fails' }],
];
const ofBinding: readonly [digits: string, Text][] = [['9009', { zh: '通知迟到两次', en: 'Late notices' }]];

const words = {
  zh: { title: '场景号码', about: '手机号末四位决定沙箱的反应；点一下填入手机号。' },
  en: {
    title: 'Scenarios',
    about: 'The last four digits decide what the sandbox does; tap to fill in the number.',
  },
};

export function Scenarios({ onTaken }: { onTaken: () => void }) {
  const text = useWords(words);
  const language = useLanguage();
  const { screen } = useRoute();
  const further = screen === 'operator' ? ofOperator : screen === 'binding' ? ofBinding : [];
  return (
    <section className="scenarios" aria-labelledby="scenarios-title">
      <h3 id="scenarios-title">{text.title}</h3>
      <p className="field-hint">{text.about}</p>
      <ul>
        {[...general, ...further].map(([digits, what]) => (
          <li key={digits}>
            <button
              type="button"
              onClick={() => {
                phoneDraft.set(`1380013${digits}`);
                onTaken();
              }}
            >
              <code>{digits}</code> {what[language]}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
