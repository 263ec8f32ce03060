// In place of a view that could not be shown: offline when it was to be loaded, or of a version that is gone.
import { Button } from 'antd';
import { useWords } from '../language.js';
import { Icon } from './icon.js';
import { State } from './state.js';

const words = {
  zh: {
    title: '这一页没有载入',
    text: '网络不通，或服务刚刚更新。重新载入即可，不必再次登录。',
    reload: '重新载入',
  },
  en: {
    title: 'This view was not loaded',
    text: 'The network is down, or the service was updated just now. Loading the page anew mends it; you stay signed in.',
    reload: 'Load the page anew',
  },
};

export function Broken() {
  const text = useWords(words);
  return (
    <main className="page">
      <div role="alert">
        <State drawing="warning" tone="careful" heading="h1" title={text.title}>
          <p>{text.text}</p>
          <Button icon={<Icon of="refresh" />} onClick={() => location.reload()}>
            {text.reload}
          </Button>
        </State>
      </div>
    </main>
  );
}
