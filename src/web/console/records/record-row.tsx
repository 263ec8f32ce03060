// A record as one line of the list; on a phone as three short ones.
import { memo } from 'react';
import { OutcomeMark } from '../elements/outcome-mark.js';
import type { Language } from '../language.js';
import { accessWords, kindWords, purposeWords } from '../words/kinds.js';
import { count, shownTime, wholeTime } from '../words/numbers.js';
import { codeWords, providerName } from '../words/providers.js';
import { ruleWords } from '../words/rules.js';
import { Cell } from './grid-cell.js';
import type { RecordLine } from './use-records.js';

export interface RowProps {
  record: RecordLine;
  language: Language;
  narrow: boolean;
}

const erased = { zh: '已抹除', en: 'erased' };
const anonymous = { zh: '匿名', en: 'anonymous' };
const milli = { zh: '毫秒', en: 'ms' };

export const RecordRow = memo(function RecordRow(props: RowProps) {
  return props.narrow ? <Card {...props} /> : <Line {...props} />;
});

function Line({ record, language }: RowProps) {
  const { day, time, fraction } = shownTime(record.createdAt);
  return (
    <>
      <Cell className="cell time" title={wholeTime(record.createdAt)}>
        <small>{day}</small> {time}
        <small>{fraction}</small>
      </Cell>
      <Cell>
        <OutcomeMark outcome={record.outcome} />
      </Cell>
      <Cell>
        <What record={record} language={language} />
      </Cell>
      <Cell>{record.provider && providerName(record.provider, language)}</Cell>
      <Cell className="cell figure">
        <Phone record={record} language={language} />
      </Cell>
      <Cell>
        <Why record={record} language={language} />
      </Cell>
      <Cell className="cell latency">
        <Latency ms={record.latencyMs} language={language} />
      </Cell>
      <Cell className="cell quiet">
        {record.actor ?? anonymous[language]}
        {record.client && <small> {record.client}</small>}
      </Cell>
    </>
  );
}

function Card({ record, language }: RowProps) {
  const { day, time } = shownTime(record.createdAt);
  return (
    <>
      <Cell className="card-head">
        <OutcomeMark outcome={record.outcome} />
        <span className="time">
          <small>{day}</small> {time}
        </span>
      </Cell>
      <Cell className="card-what">
        <What record={record} language={language} />
        <span className="figure">
          <Phone record={record} language={language} />
        </span>
      </Cell>
      <Cell className="card-why quiet">
        <span className="card-reason">
          {record.provider ? providerName(record.provider, language) : (record.actor ?? anonymous[language])}
          {(record.rule ?? record.providerCode) && ' · '}
          <Why record={record} language={language} />
        </span>
        <span className="figure">
          {record.latencyMs !== null && `${count(record.latencyMs)} ${milli[language]}`}
        </span>
      </Cell>
    </>
  );
}

function What({ record, language }: Pick<RowProps, 'record' | 'language'>) {
  const access = record.kind === 'AUDIT_ACCESS';
  return (
    <span className="what">
      {kindWords[language][record.kind]}
      {record.purpose && <small> {purposeWords(record.purpose, language)}</small>}
      {access && <small> {accessWords(record.operation, language)}</small>}
      {record.replays > 0 && <small className="replays"> ×{record.replays + 1}</small>}
    </span>
  );
}

function Phone({ record, language }: Pick<RowProps, 'record' | 'language'>) {
  if (record.erasedAt) return <span className="quiet">{erased[language]}</span>;
  return record.maskedPhone;
}

/** The rule of ours, or what the provider's code means; the code itself beside it. */
function Why({ record, language }: Pick<RowProps, 'record' | 'language'>) {
  if (record.rule) {
    const words = ruleWords(record.rule, language);
    return (
      <span className="why">
        {words ?? <code>{record.rule}</code>} {words && <code>{record.rule}</code>}
      </span>
    );
  }
  if (!record.providerCode) return null;
  const words = codeWords(record.provider, record.providerCode, language);
  return (
    <span className="why">
      {words} <code>{record.providerCode}</code>
    </span>
  );
}

/** The bar grows with the logarithm: 10 ms is nothing, 20 s is all of it. */
function Latency({ ms, language }: { ms: number | null; language: Language }) {
  if (ms === null) return null;
  const length = Math.min(1, Math.max(0.02, Math.log10(Math.max(ms, 10) / 10) / Math.log10(2_000)));
  return (
    <span title={`${ms} ${milli[language]}`}>
      {count(ms)}
      <i className="bar" data-slow={ms >= 3_000} style={{ width: `${Math.round(length * 100)}%` }} />
    </span>
  );
}
