// Today's budgets, as the server has them.
import { useQuery } from '../asking/use-query.js';
import { FailureLine } from '../elements/failure.js';
import { BudgetList } from './budget-list.js';
import { FindBudgets } from './find-budgets.generated.js';

const NOTHING = {};

export function Budgets() {
  const { data, error, again } = useQuery(FindBudgets, NOTHING);
  return (
    <>
      {error && <FailureLine error={error} onAgain={again} />}
      {data && <BudgetList budgets={data.budgets} />}
    </>
  );
}
