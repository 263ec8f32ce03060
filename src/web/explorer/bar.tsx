// The bar above GraphiQL: name, examples, role, inbox, language.
import { useCaller } from './caller.js';
import { ExamplesMenu } from './examples-menu.js';
import mark from './favicon.svg';
import { LanguageToggle } from './language-toggle.js';
import { RoleSwitch } from './role-switch.js';
import { words } from './words.js';

export function Bar() {
  const { language, issuesTokens } = useCaller();
  const { inbox, inboxHint } = words[language];
  return (
    <>
      <h1 className="bar-name">
        <img src={mark} alt="" width="24" height="24" />
        验证 Yanzheng · Explorer
      </h1>
      <div className="bar-language">
        <LanguageToggle />
      </div>
      <div className="bar-controls">
        <ExamplesMenu />
        <RoleSwitch />
        {issuesTokens && (
          <a className="bar-link" href="/sandbox/inbox" target="_blank" rel="noopener" title={inboxHint}>
            {inbox} ↗
          </a>
        )}
      </div>
    </>
  );
}
