// Why somebody looks into a person's data, or destroys it: it is kept in the log.
import { Input } from 'antd';
import { useId } from 'react';
import { useWords } from '../language.js';

const words = {
  zh: {
    label: '理由',
    hint: '5 至 500 字，记入日志；其中的号码、当事人的姓名与编号会被隐去',
    example: '例如：用户来电称未收到验证码，工单 2041',
  },
  en: {
    label: 'Reason',
    hint: '5 to 500 characters, kept in the log with numbers hidden, and this person’s name and ids',
    example: 'Such as: a caller says no code arrived, ticket 2041',
  },
};

const LEAST = 5;
const MOST = 500;

export const isReason = (text: string) => {
  const { length } = [...text.trim()];
  return length >= LEAST && length <= MOST;
};

export function ReasonField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const text = useWords(words);
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{text.label}</label>
      <Input.TextArea
        id={id}
        rows={3}
        value={value}
        maxLength={MOST}
        placeholder={text.example}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => onChange(target.value)}
      />
      <p className="form-hint counted" id={`${id}-hint`}>
        <span>{text.hint}</span> <span className="figure">{[...value.trim()].length}/500</span>
      </p>
    </div>
  );
}
