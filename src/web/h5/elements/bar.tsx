// The bar at the top, which stays there: the way back, in development the sandbox, the language.
import { lazy, Suspense } from 'react';
import { useWords } from '../language.js';
import { addressOf } from '../route.js';
import { isDevelopment } from '../settings.js';
import { Boundary } from './boundary.js';
import { Icon } from './icon.js';
import { LanguageButton } from './language-button.js';

const words = { zh: '返回首页', en: 'Back to start' };

const SandboxSheet = lazy(() => import('../sandbox/sandbox-sheet.js'));

export function Bar({ leadsBack = false }: { leadsBack?: boolean }) {
  const back = useWords(words);
  return (
    <header className="bar">
      {leadsBack && (
        <a className="bar-button" href={addressOf('home')} aria-label={back}>
          <Icon of="back" />
        </a>
      )}
      <div className="bar-end">
        {isDevelopment() && (
          <Boundary fallback={null}>
            <Suspense>
              <SandboxSheet />
            </Suspense>
          </Boundary>
        )}
        <LanguageButton />
      </div>
    </header>
  );
}
