// A record's history: each entry with when, by whom, what it says, and its place in the chain.

import type { Outcome } from '../../client/schema-types.generated.js';
import { Copied } from '../elements/copied.js';
import { OutcomeMark } from '../elements/outcome-mark.js';
import { useLanguage, useWords } from '../language.js';
import { entryMeanings, entryWords } from '../words/kinds.js';
import { count, duration, wholeTime } from '../words/numbers.js';
import { outcomes } from '../words/outcomes.js';
import { Detail } from './detail.js';
import type { Entry } from './verify-proof.js';

const words = {
  zh: {
    title: '时间线',
    by: '操作者',
    later: (time: string) => `${time}后`,
    gone: '内容已随个人数据抹除，条目本身仍在链上。',
    place: '链上位置',
    hash: '哈希',
    before: '前一哈希',
    leaf: '原始字节（base64）',
    evidence: '哈希与原始字节',
  },
  en: {
    title: 'Timeline',
    by: 'by',
    later: (time: string) => `${time} later`,
    gone: 'What it said went with the person’s data; the entry itself stays in the chain.',
    place: 'Place',
    hash: 'Hash',
    before: 'Hash before',
    leaf: 'Bytes (base64)',
    evidence: 'Hashes and bytes',
  },
};

export function Timeline({ provider, entries }: { provider: string | null; entries: readonly Entry[] }) {
  const text = useWords(words);
  return (
    <section className="part">
      <h3>{text.title}</h3>
      <ol className="timeline">
        {entries.map((entry, index) => (
          <EntryShown
            key={`${entry.chain}:${entry.position}`}
            entry={entry}
            provider={provider}
            before={entries[index - 1]}
          />
        ))}
      </ol>
    </section>
  );
}

function EntryShown({
  entry,
  provider,
  before,
}: {
  entry: Entry;
  provider: string | null;
  before: Entry | undefined;
}) {
  const text = useWords(words);
  const language = useLanguage();
  const { kind, at, actor, detail, chain, position, hash, previousHash, leaf } = entry;
  const outcome = outcomeIn(detail);
  const later = before ? Date.parse(at) - Date.parse(before.at) : null;
  return (
    <li className="entry" data-entry={kind} data-outcome={outcome}>
      <p className="entry-head">
        <strong>{entryWords[language][kind]}</strong>
        {outcome && <OutcomeMark outcome={outcome} />}
        <span className="entry-time">
          {wholeTime(at)}
          {later !== null && later >= 0 && <small> {text.later(duration(later, language))}</small>}
        </span>
      </p>
      <p className="entry-what">
        {entryMeanings[language][kind]}
        {actor && (
          <>
            {' · '}
            {text.by} {actor}
          </>
        )}
      </p>
      {detail === null ? (
        <p className="entry-gone">{text.gone}</p>
      ) : (
        <Detail detail={detail as Record<string, unknown>} provider={provider} />
      )}
      <details className="evidence">
        <summary>
          {text.evidence} <code>{hash.slice(0, 12)}</code>
        </summary>
        <dl className="facts">
          <div>
            <dt>{text.place}</dt>
            <dd>
              <Copied
                name={text.place}
                value={`${chain}:${position}`}
                shown={`${chain.slice(0, 13)}… : ${count(position)}`}
              />
            </dd>
          </div>
          {(
            [
              [text.hash, hash],
              [text.before, previousHash],
              [text.leaf, leaf],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Copied name={name} value={value} shown={`${value.slice(0, 16)}…`} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

function outcomeIn(detail: unknown): Outcome | undefined {
  const { outcome } = (detail ?? {}) as { outcome?: unknown };
  return outcomes.find((known) => known === outcome);
}
