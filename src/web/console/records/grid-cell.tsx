// A cell of the grid, and one of its head.
// biome-ignore-all lint/a11y/useSemanticElements: only rows in sight exist, which the elements of a table cannot say
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus, and says which row is meant
import type { ReactNode } from 'react';

interface CellProps {
  className?: string;
  title?: string;
  children: ReactNode;
}

export function Cell({ className = 'cell', title, children }: CellProps) {
  return (
    <span role="gridcell" className={className} title={title}>
      {children}
    </span>
  );
}

export function HeadCell({ children }: { children: ReactNode }) {
  return (
    <span role="columnheader" className="cell">
      {children}
    </span>
  );
}
