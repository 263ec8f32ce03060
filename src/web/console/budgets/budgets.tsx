// Today's budgets, as the server has them.
import { useAgainWith, useQuery } from '../asking/use-query.js';
import { FailureLine } from '../elements/failure.js';
import { BudgetList } from './budget-list.js';
import { FindBudgets } from './find-budgets.generated.js';

const NOTHING = {};

/** @param refreshed how often a person has asked for what is new */
export function Budgets({ refreshed }: { refreshed: number }) {
  const { data, error, again } = useQuery(FindBudgets, NOTHING);
  useAgainWith(refreshed, again);
  return (
    <>
      {error && <FailureLine error={error} onAgain={again} />}
      {data && <BudgetList budgets={data.budgets} />}
    </>
  );
}
