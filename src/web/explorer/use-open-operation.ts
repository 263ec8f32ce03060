// Opens a ready operation in a new tab, variables filled in; its role follows from its name.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { type ReadyOperation, variablesText } from './operations.js';

export function useOpenOperation() {
  const { addTab, updateActiveTabValues } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));

  return (operation: ReadyOperation) => {
    const { name: operationName, query } = operation;
    const variables = variablesText(operation);
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    updateActiveTabValues({ query, variables, operationName });
  };
}
