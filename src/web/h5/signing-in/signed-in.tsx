// Shows what needs a signed-in person, or how to become one.
import { type FormEvent, type ReactNode, useState } from 'react';
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';
import { isDevelopment } from '../settings.js';
import { hasEnded, session, signInForDevelopment, signInWith, signOut } from './session.js';

const words = {
  zh: {
    title: '请先登录',
    ended: '登录已失效，请重新登录',
    development: '一键获取开发令牌，以普通用户登录。',
    signIn: '以开发用户登录',
    pasted: '请粘贴您应用的访问令牌。\n令牌只保存在内存中，刷新即失效。',
    token: '访问令牌',
    goOn: '继续',
    failed: '没有拿到令牌，请重试',
    as: (name: string) => `已登录：${name}`,
    signOut: '退出',
  },
  en: {
    title: 'Please sign in',
    ended: 'Your sign-in has ended. Please sign in again',
    development: 'Development: one tap fetches a token of an ordinary user.',
    signIn: 'Sign in for development',
    pasted: "Paste an access token of your application. It stays in this page's memory only.",
    token: 'Access token',
    goOn: 'Go on',
    failed: 'No token received. Please try again',
    as: (name: string) => `Signed in: ${name}`,
    signOut: 'Sign out',
  },
};

interface SignedInProps {
  children: ReactNode;
  /** Shown first to who is not signed in. */
  otherwise?: ReactNode;
}

export function SignedIn({ children, otherwise }: SignedInProps) {
  const present = session.use();
  const text = useWords(words);
  if (!present)
    return (
      <>
        {otherwise}
        <SignIn />
      </>
    );
  return (
    <>
      <p className="signed-in">
        {text.as(present.name || '—')}
        <button type="button" className="link" onClick={signOut}>
          {text.signOut}
        </button>
      </p>
      {children}
    </>
  );
}

function SignIn() {
  const text = useWords(words);
  const ended = hasEnded.use();
  return (
    <section className="card sign-in">
      <span className="empty-mark">
        <Icon of="lock" size={32} />
      </span>
      <h2>{ended ? text.ended : text.title}</h2>
      {isDevelopment() ? <ByDevelopmentToken /> : <ByPastedToken />}
    </section>
  );
}

function ByDevelopmentToken() {
  const text = useWords(words);
  const [failed, setFailed] = useState(false);
  return (
    <>
      <p>{text.development}</p>
      <button
        type="button"
        className="button"
        onClick={() => signInForDevelopment().catch(() => setFailed(true))}
      >
        {text.signIn}
      </button>
      <p className="field-fault" role="status">
        {failed && text.failed}
      </p>
    </>
  );
}

function ByPastedToken() {
  const text = useWords(words);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token === 'string' && token.trim()) signInWith(token);
  };
  return (
    <form className="form" onSubmit={submit}>
      <p>{text.pasted}</p>
      <div className="field">
        <label htmlFor="token">{text.token}</label>
        <input id="token" name="token" type="password" autoComplete="off" spellCheck={false} />
      </div>
      <button type="submit" className="button">
        {text.goOn}
      </button>
    </form>
  );
}
