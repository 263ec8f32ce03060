// Around every view: where one is, who one is, and in which language; on a phone the views are at the thumb.
import { Button } from 'antd';
import { type ReactNode, useRef } from 'react';
import mark from '../explorer/favicon.svg';
import { useOnline } from './asking/use-online.js';
import { type Drawing, Icon } from './elements/icon.js';
import { LanguageButton } from './elements/language-button.js';
import { useWords } from './language.js';
import { addressOf, useRoute, type View, views } from './route.js';
import { session, signOut } from './signing-in/session.js';

const words = {
  zh: {
    name: '审计台',
    views: { records: '记录', summary: '概览', providers: '服务商', integrity: '完整性' },
    navigation: '视图',
    auditor: '审计员',
    admin: '管理员',
    signOut: '退出',
    network: '网络',
    skip: '跳到内容',
    offline: '网络已断开：显示的是断网前的内容',
  },
  en: {
    name: 'Console',
    views: { records: 'Records', summary: 'Summary', providers: 'Providers', integrity: 'Integrity' },
    navigation: 'Views',
    auditor: 'auditor',
    admin: 'admin',
    signOut: 'Sign out',
    network: 'Network',
    skip: 'Skip to content',
    offline: 'You are offline: this is what was loaded before',
  },
};

const drawings: Record<View, Drawing> = {
  records: 'records',
  summary: 'summary',
  providers: 'providers',
  integrity: 'integrity',
};

export function Frame({ children }: { children: ReactNode }) {
  const text = useWords(words);
  const { view } = useRoute();
  const online = useOnline();
  const present = session.use();
  const shown = useRef<HTMLDivElement>(null);
  /** To what the view is about: its list, or its heading. */
  const goToContent = () => {
    const content =
      shown.current?.querySelector<HTMLElement>('[role=grid]') ??
      shown.current?.querySelector<HTMLElement>('h1');
    if (content && content.tabIndex < 0) content.tabIndex = -1;
    content?.focus();
  };
  return (
    <div className="frame" data-view={view}>
      <button type="button" className="skip" onClick={goToContent}>
        {text.skip}
      </button>
      <header className="top">
        <a className="name" href={addressOf({ view: 'records' })}>
          <img src={mark} alt="" width="22" height="22" />
          <span lang="zh-CN">验证</span> <span className="name-of">{text.name}</span>
        </a>
        <nav className="views" aria-label={text.navigation}>
          {views.map((one) => (
            <a key={one} href={addressOf({ view: one })} aria-current={one === view ? 'page' : undefined}>
              <Icon of={drawings[one]} />
              {text.views[one]}
            </a>
          ))}
        </nav>
        <div className="who">
          <span className="who-name">
            {present?.name || '—'}
            {present?.isAdmin ? (
              <small data-admin="true">{text.admin}</small>
            ) : (
              present?.isAuditor && <small>{text.auditor}</small>
            )}
          </span>
          <Button type="text" size="small" aria-label={text.signOut} title={text.signOut} onClick={signOut}>
            <Icon of="out" />
          </Button>
          <LanguageButton />
        </div>
      </header>
      <aside className="offline" aria-label={text.network}>
        <div role="status">
          {!online && (
            <p>
              <Icon of="offline" />
              {text.offline}
            </p>
          )}
        </div>
      </aside>
      <div className="view" ref={shown}>
        {children}
      </div>
    </div>
  );
}
