// Which screen is shown.
import { useEffect } from 'react';
import { BankCode } from './bank-code/bank-code.js';
import { Binding } from './binding/binding.js';
import { Home } from './home.js';
import { Operator } from './operator/operator.js';
import { Register } from './register/register.js';
import { type Screen, useRoute } from './route.js';

const screens: Record<Screen, (props: { id: string | undefined }) => React.ReactNode> = {
  home: Home,
  register: Register,
  'bank-code': BankCode,
  operator: Operator,
  binding: Binding,
};

export function App() {
  const { screen, id } = useRoute();
  const Screen = screens[screen];
  // biome-ignore lint/correctness/useExhaustiveDependencies: each screen begins at its top
  useEffect(() => {
    scrollTo(0, 0);
  }, [screen]);
  return <Screen key={screen} id={id} />;
}
