// Keeps what is typed only as long as this browser tab lives: variables hold phone numbers and passwords.
import { operations, variablesText } from './operations.js';

export const tabStorage = sessionStorage;

export const defaultTabs = operations
  .filter(({ firstTab }) => firstTab)
  .map((operation) => ({
    query: operation.query,
    variables: variablesText(operation),
  }));

// GraphiQL 5.4 takes the first tab's query from defaultTabs but its variables from storage alone.
const [first] = defaultTabs;
if (first && tabStorage.getItem('graphiql:tabState') === null) {
  tabStorage.setItem('graphiql:query', first.query);
  tabStorage.setItem('graphiql:variables', first.variables);
}
