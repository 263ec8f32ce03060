// Back from signing without being signed in here: the application that the person came from knows the result.
import { Empty } from '../elements/empty.js';
import { useWords } from '../language.js';

const words = {
  zh: { title: '签约已提交', text: '绑定结果以系统通知为准，\n请返回应用查看。' },
  en: {
    title: 'Your signature was submitted',
    text: 'Please return to the app, which will show the result.',
  },
};

export function Submitted() {
  const { title, text } = useWords(words);
  return (
    <section className="card">
      <Empty drawing="pen" title={title}>
        <p>{text}</p>
      </Empty>
    </section>
  );
}
