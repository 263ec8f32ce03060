// Opens a record by the number that a caller has from an answer or an error.
import { Input } from 'antd';
import { useId, useState } from 'react';
import { useWords } from '../language.js';
import { Field } from './field.js';

const words = {
  zh: {
    label: '请求编号',
    hint: '粘贴，按回车打开',
    none: '不是请求编号，应是 36 位的 UUID',
  },
  en: {
    label: 'Request id',
    hint: 'Paste it, Enter opens it',
    none: 'Not a request id: those are UUIDs of 36 places',
  },
};

const uuid = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/i;

export function RequestField({ onOpen }: { onOpen: (id: string) => void }) {
  const text = useWords(words);
  const [typed, setTyped] = useState('');
  const [isNone, setNone] = useState(false);
  const hint = useId();
  const open = () => {
    // People copy more than the number.
    const id = uuid.exec(typed)?.[0].toLowerCase();
    setNone(id === undefined && typed.trim() !== '');
    if (id !== undefined) onOpen(id);
  };
  return (
    <div>
      <Field label={text.label}>
        {(id) => (
          <Input
            id={id}
            value={typed}
            allowClear
            autoComplete="off"
            spellCheck={false}
            placeholder={text.hint}
            enterKeyHint="go"
            status={isNone ? 'error' : ''}
            aria-invalid={isNone}
            aria-describedby={hint}
            onChange={({ target }) => {
              setTyped(target.value);
              setNone(false);
            }}
            onPressEnter={(event) => {
              // Else the same Enter presses what gets the focus: the record's close button.
              event.preventDefault();
              open();
            }}
          />
        )}
      </Field>
      <p className="filter-fault" id={hint} role="status">
        {isNone && text.none}
      </p>
    </div>
  );
}
