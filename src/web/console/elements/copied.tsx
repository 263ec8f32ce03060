// A text that is meant to be taken elsewhere: a number, a hash, a command.
import { useEffect, useState } from 'react';
import { useWords } from '../language.js';
import { Icon } from './icon.js';

const words = {
  zh: { copy: '复制', copied: '已复制' },
  en: { copy: 'Copy', copied: 'Copied' },
};

interface CopiedProps {
  /** What it is, for who can't see it. */
  name: string;
  value: string;
  /** In its place, where it is long. */
  shown?: string;
}

export function Copied({ name, value, shown = value }: CopiedProps) {
  const text = useWords(words);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () =>
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => {},
    );
  return (
    <span className="copied">
      <code title={value}>{shown}</code>
      <button
        type="button"
        className="copy"
        aria-label={`${copied ? text.copied : text.copy}: ${name}`}
        title={copied ? text.copied : text.copy}
        onClick={copy}
      >
        <Icon of={copied ? 'done' : 'copy'} size={14} />
      </button>
    </span>
  );
}
