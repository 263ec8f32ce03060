// Every condition that the log can be searched by. What is chosen counts at once, what is typed with Enter or on leaving.
import { Input, Select } from 'antd';
import { useEffect, useId, useState } from 'react';
import { OutcomeShape } from '../elements/outcome-mark.js';
import { useLanguage, useWords } from '../language.js';
import { kinds, kindWords, purposes, purposeWords } from '../words/kinds.js';
import { outcomes, outcomeWords } from '../words/outcomes.js';
import { providerIds, providerName } from '../words/providers.js';
import { Field } from './field.js';
import { type OpenFilter, type Subject, type SubjectKind, subjectKinds, type TextMember } from './filter.js';
import { RequestField } from './request-field.js';

const words = {
  zh: {
    who: '按人查询',
    subjectKind: '按什么查',
    subjects: { phone: '手机号', personId: '学生 / 老师编号', memberId: '企业会员编号' },
    subjectHint: '只留在本页内存里：不进网址，不进历史，刷新即清除',
    kind: '类型',
    provider: '服务商',
    any: '不限',
    outcome: '结果',
    when: '时间',
    last: ['1 小时', '24 小时', '7 天', '30 天'],
    from: '从（含）',
    to: '到（不含）',
    purpose: '用途',
    flow: '流程编号',
    providerReference: '服务商流水号',
    actor: '操作者',
    client: '前端',
    trace: '单据',
    by: '来源',
    what: '请求',
    accesses: '也显示查阅日志的记录',
  },
  en: {
    who: 'Person',
    subjectKind: 'By what',
    subjects: { phone: 'Phone', personId: 'Student / teacher id', memberId: 'Member id' },
    subjectHint: "Stays in this page's memory: not in the address or history, gone on reload",
    kind: 'Kind',
    provider: 'Provider',
    any: 'any',
    outcome: 'Outcome',
    when: 'Time',
    last: ['1 h', '24 h', '7 d', '30 d'],
    from: 'From',
    to: 'Before',
    purpose: 'Purpose',
    flow: 'Flow',
    providerReference: "Provider's reference",
    actor: 'Actor',
    client: 'Front-end',
    trace: 'Reference',
    by: 'Origin',
    what: 'Request',
    accesses: 'Also who looked into the log',
  },
};

const HOUR = 3_600_000;
const spans = [HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR];

export interface FilterPanelProps {
  filter: OpenFilter;
  subject: Subject | null;
  /** Told the change and not its result: another one may have been made since this was drawn. */
  onFilter: (change: (present: OpenFilter) => OpenFilter) => void;
  onSubject: (subject: Subject | null) => void;
}

interface AllFiltersProps extends FilterPanelProps {
  withAccesses: boolean;
  onAccesses: (shown: boolean) => void;
  /** Of one record, whatever the conditions. */
  onOpen: (id: string) => void;
}

export function FilterPanel(props: AllFiltersProps) {
  const { filter, subject, onFilter, onSubject, withAccesses, onAccesses, onOpen } = props;
  const text = useWords(words);
  const language = useLanguage();
  /** Without the member where nothing is wanted of it. */
  const set = <Name extends keyof OpenFilter>(name: Name, value: OpenFilter[Name]) => {
    onFilter(({ [name]: _, ...others }) => (value ? { ...others, [name]: value } : others));
  };
  const textField = (name: TextMember) => (
    <TypedField
      label={text[name]}
      value={filter[name] ?? ''}
      onTyped={(value) => set(name, value)}
      key={name}
    />
  );
  const chosen = filter.outcomes ?? [];
  return (
    <div className="filters">
      <RequestField onOpen={onOpen} />

      <SubjectFields subject={subject} onSubject={onSubject} />

      <fieldset className="filter-group">
        <legend>{text.outcome}</legend>
        <div className="outcome-choice">
          {outcomes.map((outcome) => (
            <label key={outcome} data-outcome={outcome}>
              <input
                type="checkbox"
                checked={chosen.includes(outcome)}
                onChange={({ target: { checked } }) =>
                  onFilter((present) => ({
                    ...present,
                    outcomes: outcomes.filter((one) =>
                      one === outcome ? checked : present.outcomes?.includes(one),
                    ),
                  }))
                }
              />
              <OutcomeShape outcome={outcome} />
              {outcomeWords[language][outcome]}
            </label>
          ))}
        </div>
      </fieldset>

      <fieldset className="filter-group">
        <legend>{text.when}</legend>
        <div className="span-choice">
          {spans.map((span, index) => (
            <button
              type="button"
              className="plain"
              key={span}
              onClick={() => {
                // To the minute: what is read twice in it is the same question.
                const from = new Date(Math.floor((Date.now() - span) / 60_000) * 60_000);
                onFilter(({ to: _, ...others }) => ({ ...others, from: from.toISOString() }));
              }}
            >
              {text.last[index]}
            </button>
          ))}
        </div>
        <TimeField label={text.from} value={filter.from ?? ''} onTyped={(value) => set('from', value)} />
        <TimeField label={text.to} value={filter.to ?? ''} onTyped={(value) => set('to', value)} />
      </fieldset>

      <fieldset className="filter-group">
        <legend>{text.what}</legend>
        <Field label={text.kind}>
          {(id) => (
            <Select
              id={id}
              allowClear
              placeholder={text.any}
              value={filter.kind ?? null}
              onChange={(kind) => set('kind', kind)}
              options={kinds.map((value) => ({ value, label: kindWords[language][value] }))}
            />
          )}
        </Field>
        <Field label={text.provider}>
          {(id) => (
            <Select
              id={id}
              allowClear
              placeholder={text.any}
              value={filter.provider ?? null}
              onChange={(provider) => set('provider', provider)}
              options={providerIds.map((value) => ({ value, label: providerName(value, language) }))}
            />
          )}
        </Field>
        <PurposeField value={filter.purpose ?? null} onChosen={(purpose) => set('purpose', purpose)} />
        <label className="filter-check">
          <input
            type="checkbox"
            checked={withAccesses}
            disabled={filter.kind === 'AUDIT_ACCESS'}
            onChange={({ target }) => onAccesses(target.checked)}
          />
          {text.accesses}
        </label>
      </fieldset>

      <fieldset className="filter-group">
        <legend>{text.trace}</legend>
        {textField('providerReference')}
        {textField('flow')}
      </fieldset>

      <fieldset className="filter-group">
        <legend>{text.by}</legend>
        {textField('actor')}
        {textField('client')}
      </fieldset>
    </div>
  );
}

function SubjectFields({ subject, onSubject }: Pick<FilterPanelProps, 'subject' | 'onSubject'>) {
  const text = useWords(words);
  const [kind, setKind] = useState<SubjectKind>(subject?.kind ?? 'phone');
  const hint = useId();
  return (
    <fieldset className="filter-group">
      <legend>{text.who}</legend>
      <Field label={text.subjectKind}>
        {(id) => (
          <Select
            id={id}
            value={kind}
            onChange={(next) => {
              setKind(next);
              onSubject(null);
            }}
            options={subjectKinds.map((value) => ({ value, label: text.subjects[value] }))}
          />
        )}
      </Field>
      <TypedField
        label={text.subjects[kind]}
        value={subject?.value ?? ''}
        describedBy={hint}
        isPersonal
        onTyped={(value) => onSubject(value === '' ? null : { kind, value })}
      />
      <p className="filter-hint" id={hint}>
        {text.subjectHint}
      </p>
    </fieldset>
  );
}

/** By its words or its code. What is neither is taken as a code of its own. */
function PurposeField({ value, onChosen }: { value: string | null; onChosen: (code: string) => void }) {
  const text = useWords(words);
  const language = useLanguage();
  const [typed, setTyped] = useState('');
  const wanted = typed.trim().toLowerCase();
  const fits = (code: string) => `${purposeWords(code, language)} ${code}`.toLowerCase().includes(wanted);
  const codes = new Set(value ? [...purposes, value] : purposes);
  if (!purposes.some(fits)) codes.add(typed.trim());
  const isInFull = (code: string) =>
    [code, purposeWords(code, language)].some((whole) => whole.toLowerCase() === wanted);
  return (
    <Field label={text.purpose}>
      {(id) => (
        <Select
          id={id}
          allowClear
          placeholder={text.any}
          value={value}
          onChange={onChosen}
          options={[...codes].map((code) => ({ value: code, label: purposeWords(code, language) }))}
          showSearch={{
            onSearch: setTyped,
            filterOption: (_, option) => option !== undefined && fits(option.value),
            // Codes are within one another.
            filterSort: (one, other) => Number(isInFull(other.value)) - Number(isInFull(one.value)),
          }}
          // Two may be called the same.
          optionRender={({ label, value: code }) => (
            <>
              {label} {label !== code && <small className="quiet">{code}</small>}
            </>
          )}
        />
      )}
    </Field>
  );
}

interface TypedFieldProps {
  label: string;
  value: string;
  onTyped: (value: string) => void;
  describedBy?: string;
  /** The browser is to remember nothing of it. */
  isPersonal?: boolean;
}

function TypedField({ label, value, onTyped, describedBy, isPersonal }: TypedFieldProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const tell = () => {
    if (typed.trim() !== value) onTyped(typed.trim());
  };
  return (
    <Field label={label}>
      {(id) => (
        <Input
          id={id}
          value={typed}
          maxLength={128}
          allowClear
          autoComplete="off"
          spellCheck={false}
          aria-describedby={describedBy}
          inputMode={isPersonal ? 'text' : undefined}
          onChange={({ target }) => {
            setTyped(target.value);
            if (target.value === '' && value !== '') onTyped('');
          }}
          onBlur={tell}
          onPressEnter={tell}
        />
      )}
    </Field>
  );
}

function TimeField({
  label,
  value,
  onTyped,
}: {
  label: string;
  value: string;
  onTyped: (iso: string) => void;
}) {
  const local = value === '' ? '' : localTime(value);
  const [typed, setTyped] = useState(local);
  useEffect(() => setTyped(local), [local]);
  const tell = () => {
    if (typed !== local) onTyped(typed === '' ? '' : new Date(typed).toISOString());
  };
  return (
    <Field label={label}>
      {(id) => (
        <Input
          id={id}
          type="datetime-local"
          step={60}
          max="9999-12-31T23:59"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={tell}
          onPressEnter={tell}
        />
      )}
    </Field>
  );
}

/** As datetime-local has it: 2026-11-29T20:38, in the browser's own zone. */
function localTime(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
