// Which screen is shown, and in development the sandbox's sheet over it.
import { lazy, Suspense, useEffect } from 'react';
import { BankCode } from './bank-code/bank-code.js';
import { Binding } from './binding/binding.js';
import { Home } from './home.js';
import { Operator } from './operator/operator.js';
import { Register } from './register/register.js';
import { type Screen, useRoute } from './route.js';
import { isDevelopment } from './settings.js';

const screens: Record<Screen, (props: { id: string | undefined }) => React.ReactNode> = {
  home: Home,
  register: Register,
  'bank-code': BankCode,
  operator: Operator,
  binding: Binding,
};

const SandboxSheet = lazy(() => import('./sandbox/sandbox-sheet.js'));

export function App() {
  const { screen, id } = useRoute();
  const Screen = screens[screen];
  // biome-ignore lint/correctness/useExhaustiveDependencies: each screen begins at its top
  useEffect(() => {
    scrollTo(0, 0);
  }, [screen]);
  return (
    <>
      <Screen key={screen} id={id} />
      {isDevelopment() && (
        <Suspense>
          <SandboxSheet />
        </Suspense>
      )}
    </>
  );
}
