// Proves the record in this browser, step by step, and says what is left to trust.
import { Button } from 'antd';
import { useState } from 'react';
import type { ApiError } from '../../client/api-error.js';
import { api } from '../api.js';
import { asApiError } from '../asking/use-query.js';
import { Copied } from '../elements/copied.js';
import { FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';
import { count, wholeTime } from '../words/numbers.js';
import { FindProof } from './find-proof.generated.js';
import { canVerify, type Entry, type Proof as Proven, type Step, verifyProof } from './verify-proof.js';

const words = {
  zh: {
    title: '证明',
    lead: '在此浏览器中重新计算哈希、核对签名，不依赖服务器的判断。',
    verify: '在浏览器中核对',
    again: '再核对一次',
    working: '正在核对…',
    cannot: '此页面不是安全来源（https 或本机），浏览器不提供加密功能，无法在此核对。',
    none: '链头尚未覆盖这条记录',
    noneText: '写入后几秒内会签名；稍候再试。',
    gap: '未能证明：链上有缺口，或缺少链头',
    gapText: '这些条目早该有签名的链头了。请运行：',
    steps: {
      LEAVES: '条目内容与其哈希相符',
      CHAIN: '哈希连到链头，没有缺口',
      SIGNATURE: '链头签名有效（Ed25519）',
    },
    passed: '通过',
    failed: '不符',
    untried: '此浏览器不支持 Ed25519，未能核对',
    at: (place: string) => `位于 ${place}`,
    proven: '已证明：这些条目确在日志中',
    broken: '未能证明',
    hashes: (n: string) => `共计算 ${n} 个哈希`,
    byLibrary: '浏览器没有 Ed25519，签名由随页面提供的程序核对',
    head: '链头',
    position: (n: string) => `第 ${n} 条`,
    key: '公钥指纹',
    publicKey: '公钥（SPKI）',
    trust: '请把指纹与可信来源公布的核对：签名只证明出自此密钥。',
  },
  en: {
    title: 'Proof',
    lead: 'Hashes are computed anew and the signature is checked in this browser; nothing rests on the server’s word.',
    verify: 'Check in this browser',
    again: 'Check again',
    working: 'Checking…',
    cannot:
      'This page is no secure origin (https, or this machine), so the browser offers no cryptography and nothing can be checked here.',
    none: 'No signed head covers this record yet',
    noneText: 'Heads are signed within seconds of writing; try again in a moment.',
    gap: 'Not proven: the chain has a gap, or lacks a head',
    gapText: 'A signed head should have covered these entries long ago. Please run:',
    steps: {
      LEAVES: 'Each entry is what its hash says',
      CHAIN: 'The hashes lead to the head without a gap',
      SIGNATURE: 'The head’s signature is valid (Ed25519)',
    },
    passed: 'passed',
    failed: 'failed',
    untried: 'This browser has no Ed25519: not checked',
    at: (place: string) => `at ${place}`,
    proven: 'Proven: these entries are in the log',
    broken: 'Not proven',
    hashes: (n: string) => `${n} hashes computed`,
    byLibrary: 'The browser has no Ed25519; a library that came with the page checked the signature',
    head: 'Head',
    position: (n: string) => `entry ${n}`,
    key: 'Key fingerprint',
    publicKey: 'Public key (SPKI)',
    trust:
      'Compare the fingerprint with one from a source that you trust: a signature proves whose key it is, no more.',
  },
};

/** Heads are signed every two seconds. What has none after this has lost something. */
const SIGNED_WITHIN_MS = 60_000;
const COMMAND = 'npm run audit:verify';

type State = 'IDLE' | 'WORKING' | 'NONE' | 'GAP' | Proven | ApiError;

export function Proof({ id, entries }: { id: string; entries: readonly Entry[] }) {
  const text = useWords(words);
  const [state, setState] = useState<State>('IDLE');
  const verify = async () => {
    setState('WORKING');
    try {
      const { auditProof } = await api.query(FindProof, { id });
      if (auditProof) return setState(await verifyProof(id, entries, auditProof.links));
      const newest = Math.max(...entries.map(({ at }) => Date.parse(at)));
      setState(Date.now() - newest > SIGNED_WITHIN_MS ? 'GAP' : 'NONE');
    } catch (cause) {
      setState(asApiError(cause));
    }
  };
  return (
    <section className="part">
      <h3>{text.title}</h3>
      <p className="part-lead">{canVerify() ? text.lead : text.cannot}</p>
      {canVerify() && (
        <Button icon={<Icon of="integrity" />} loading={state === 'WORKING'} onClick={verify}>
          {state === 'WORKING' ? text.working : state === 'IDLE' ? text.verify : text.again}
        </Button>
      )}
      <div aria-live="polite">
        {state === 'NONE' && (
          <p className="line" data-tone="careful">
            <Icon of="clock" />
            <span>
              <strong>{text.none}</strong> {text.noneText}
            </span>
          </p>
        )}
        {state === 'GAP' && (
          <p className="line" data-tone="bad">
            <Icon of="warning" />
            <span>
              <strong>{text.gap}</strong> {text.gapText} <code>{COMMAND}</code>
            </span>
          </p>
        )}
        {state instanceof Error && <FailureLine error={state} />}
        {typeof state === 'object' && 'steps' in state && <Shown proof={state} />}
      </div>
    </section>
  );
}

function Shown({ proof }: { proof: Proven }) {
  const text = useWords(words);
  const proven = proof.steps.every(({ passed }) => passed === true);
  return (
    <div className="proof" data-proven={proven}>
      <p className="proof-verdict">
        <Icon of={proven ? 'done' : 'warning'} size={18} />
        <strong>{proven ? text.proven : text.broken}</strong>
        <small>{text.hashes(count(proof.hashes))}</small>
      </p>
      <ol className="proof-steps">
        {proof.steps.map((step) => (
          <li key={step.name} data-passed={String(step.passed)}>
            <Icon of={step.passed ? 'done' : step.passed === null ? 'warning' : 'refused'} />
            <span>
              {text.steps[step.name]}
              <small>{how(step, text)}</small>
            </span>
          </li>
        ))}
      </ol>
      {proof.signedWith === 'LIBRARY' && <p className="part-lead">{text.byLibrary}</p>}
      <dl className="facts">
        {proof.heads.map(({ chain, position, at }) => (
          <div key={`${chain}:${position}`}>
            <dt>{text.head}</dt>
            <dd>
              {wholeTime(at)} · {text.position(count(position))}
            </dd>
          </div>
        ))}
        {proof.keys.map(({ id, publicKey }) => (
          <div key={id}>
            <dt>{text.key}</dt>
            <dd>
              <Copied name={text.key} value={id} />
            </dd>
            <dt>{text.publicKey}</dt>
            <dd>
              <Copied
                name={text.publicKey}
                value={publicKey}
                shown={`${publicKey.slice(0, 12)}…${publicKey.slice(-8)}`}
              />
            </dd>
          </div>
        ))}
      </dl>
      <p className="part-lead">{text.trust}</p>
    </div>
  );
}

function how({ passed, at }: Step, text: (typeof words)['zh']): string {
  if (passed === null) return text.untried;
  return `${passed ? text.passed : text.failed}${at ? ` · ${text.at(at)}` : ''}`;
}
