// The door: with a token of one's own; on a developer's machine also by one click.
import { Button, Input } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import mark from '../../explorer/favicon.svg';
import { Icon } from '../elements/icon.js';
import { LanguageButton } from '../elements/language-button.js';
import { useWords } from '../language.js';
import { isDevelopment } from '../settings.js';
import { type DevelopmentRole, hasEnded, signInForDevelopment, signInWith } from './session.js';

const words = {
  zh: {
    name: '审计台',
    lead: '每个请求与结果，一条时间线，可查、可证、可抹除。',
    ended: '登录已失效',
    endedText: '请重新登录，会回到刚才的页面。',
    development: '开发环境',
    developmentText: '一键取得本机的开发令牌。',
    auditor: '以审计员登录',
    admin: '以管理员登录',
    failed: '没有拿到令牌，请重试',
    or: '或',
    token: '访问令牌',
    tokenHint: '角色须含 auditor 或 admin。只存于此标签页的会话存储，关闭即清除。',
    notAToken: '这不像一个令牌（JWT 由三段组成，以点分隔）',
    signIn: '登录',
  },
  en: {
    name: 'Console',
    lead: 'Every request and its result on one timeline: to search, to prove, to erase.',
    ended: 'Your sign-in has ended',
    endedText: 'Please sign in again; you come back to where you were.',
    development: 'Development',
    developmentText: 'One click fetches a token of this machine.',
    auditor: 'Sign in as auditor',
    admin: 'Sign in as admin',
    failed: 'No token received. Please try again',
    or: 'or',
    token: 'Access token',
    tokenHint:
      "Needs the role auditor or admin. Kept in this tab's session storage only, gone when it closes.",
    notAToken: 'This does not look like a token (a JWT has three parts with dots between them)',
    signIn: 'Sign in',
  },
};

export function SignIn() {
  const text = useWords(words);
  const ended = hasEnded.use();
  return (
    <div className="door">
      <div className="door-language">
        <LanguageButton />
      </div>
      <main className="door-card">
        <header className="door-head">
          <img src={mark} alt="" width="44" height="44" />
          <h1>
            <span lang="zh-CN">验证</span> {text.name}
          </h1>
          <p>{text.lead}</p>
        </header>
        {ended && (
          <div className="line" data-tone="careful" role="alert">
            <Icon of="clock" />
            <span>
              <strong>{text.ended}</strong> {text.endedText}
            </span>
          </div>
        )}
        {isDevelopment() && <ByClick />}
        <ByToken />
      </main>
    </div>
  );
}

function ByClick() {
  const text = useWords(words);
  const [asked, setAsked] = useState<DevelopmentRole | null>(null);
  const [failed, setFailed] = useState(false);
  const become = (role: DevelopmentRole) => {
    setAsked(role);
    setFailed(false);
    signInForDevelopment(role).catch(() => {
      setAsked(null);
      setFailed(true);
    });
  };
  return (
    <section className="door-way">
      <p className="door-hint">
        <strong>{text.development}</strong> {text.developmentText}
      </p>
      <div className="door-buttons">
        <Button type="primary" size="large" loading={asked === 'auditor'} onClick={() => become('auditor')}>
          {text.auditor}
        </Button>
        <Button size="large" loading={asked === 'admin'} onClick={() => become('admin')}>
          {text.admin}
        </Button>
      </div>
      <p className="door-failed" role="status">
        {failed && text.failed}
      </p>
      <p className="door-or">{text.or}</p>
    </section>
  );
}

function ByToken() {
  const text = useWords(words);
  const id = useId();
  const [token, setToken] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const looksRight = /^(bearer\s+)?[\w-]+\.[\w-]+\.[\w-]+$/i.test(token.trim());
    setWrong(!looksRight);
    if (looksRight) signInWith(token);
  };
  return (
    <form className="door-way" onSubmit={submit} noValidate>
      <label htmlFor={id}>{text.token}</label>
      <Input.Password
        id={id}
        value={token}
        size="large"
        autoComplete="off"
        spellCheck={false}
        status={wrong ? 'error' : ''}
        aria-invalid={wrong}
        aria-describedby={`${id}-hint`}
        visibilityToggle={false}
        onChange={({ target }) => setToken(target.value)}
      />
      <p className={wrong ? 'door-failed' : 'door-hint'} id={`${id}-hint`} role={wrong ? 'alert' : undefined}>
        {wrong ? text.notAToken : text.tokenHint}
      </p>
      <Button htmlType="submit" size="large" type={isDevelopment() ? 'default' : 'primary'} block>
        {text.signIn}
      </Button>
    </form>
  );
}
