// Each tab has its role: the one chosen in it, else the one its ready operation needs, else the last chosen.
import { useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { become } from './caller.js';
import { operationNamed, type Role } from './operations.js';

export function useTabRole(): [Role, (role: Role) => void] {
  const { id = '', operationName } = useGraphiQL(({ tabs, activeTabIndex }) => ({
    id: tabs[activeTabIndex]?.id,
    operationName: tabs[activeTabIndex]?.operationName,
  }));
  const [chosen, setChosen] = useState<ReadonlyMap<string, Role>>(new Map());

  const role =
    chosen.get(id) ?? operationNamed(operationName)?.role ?? [...chosen.values()].at(-1) ?? 'anonymous';

  useEffect(() => {
    become(role);
  }, [role]);

  const choose = (next: Role) => {
    const others = [...chosen].filter(([tab]) => tab !== id);
    setChosen(new Map([...others, [id, next]]));
  };
  return [role, choose];
}
