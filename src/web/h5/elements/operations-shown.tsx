// Shows developers what a screen sends, as it is sent.
import type { TypedDocument } from '../../client/typed-document.js';
import { useWords } from '../language.js';
import { Icon } from './icon.js';

const words = {
  zh: '这一页用到的 GraphQL',
  en: 'The GraphQL of this screen',
};

export function OperationsShown({ of }: { of: readonly TypedDocument<unknown, never>[] }) {
  const title = useWords(words);
  return (
    <details className="operations">
      <summary>
        <Icon of="code" size={18} />
        {title}
      </summary>
      {of.map(({ name, query }) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section key={name} tabIndex={0} lang="en" aria-label={name}>
          <pre>{query}</pre>
        </section>
      ))}
    </details>
  );
}
