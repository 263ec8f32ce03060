// Who looks, in which language and light, and which view is open.
import { ConfigProvider } from 'antd';
import en from 'antd/locale/en_US';
import zh from 'antd/locale/zh_CN';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { Boundary } from '../h5/elements/boundary.js';
import { useDark, useStill } from './asking/use-media.js';
import { Broken } from './elements/broken.js';
import { Skeleton } from './elements/skeleton.js';
import { Frame } from './frame.js';
import { useLanguage, useWords } from './language.js';
import { subject } from './records/filter.js';
import { Records } from './records/records.js';
import { useRoute, type View } from './route.js';
import { session } from './signing-in/session.js';
import { SignIn } from './signing-in/sign-in.js';
import { themeFor } from './theme.js';

const words = {
  zh: { name: '验证 · 审计台' },
  en: { name: 'Yanzheng · Console' },
};

const views: Record<View, React.ComponentType> = {
  records: Records,
  summary: lazy(() => import('./summary/summary.js')),
  providers: lazy(() => import('./providers/providers.js')),
  integrity: lazy(() => import('./integrity/integrity.js')),
};

const locales = { zh, en };
/** Nothing is drawn on a click but the click's effect. */
const wave = { disabled: true };
const button = { autoInsertSpace: false };

export function App() {
  const language = useLanguage();
  const isDark = useDark();
  const isStill = useStill();
  const theme = useMemo(() => themeFor(isDark, isStill), [isDark, isStill]);
  const present = session.use();
  const { view } = useRoute();
  const { name } = useWords(words);
  useEffect(() => {
    document.title = name;
  }, [name]);
  useEffect(() => {
    // Whoever comes next does not find whom the one before looked for.
    if (!present) subject.set(null);
  }, [present]);
  const Shown = views[view];
  return (
    <ConfigProvider theme={theme} locale={locales[language]} wave={wave} button={button}>
      {present ? (
        // Another person begins anew: nothing of what the one before saw is left.
        <Frame key={present.token}>
          <Boundary key={view} fallback={<Broken />}>
            <Suspense fallback={<Skeleton lines={10} />}>
              <Shown />
            </Suspense>
          </Boundary>
        </Frame>
      ) : (
        <SignIn />
      )}
    </ConfigProvider>
  );
}
