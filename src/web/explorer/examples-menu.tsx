// Lists the ready operations, each with the role it needs; choosing one opens it in a new tab.
import { DropdownMenu } from '@graphiql/react';
import { useCaller } from './caller.js';
import { operations } from './operations.js';
import { useOpenOperation } from './use-open-operation.js';
import { words } from './words.js';

export function ExamplesMenu() {
  const { language } = useCaller();
  const open = useOpenOperation();
  const { examples, roles } = words[language];
  return (
    <DropdownMenu>
      <DropdownMenu.Button className="bar-control bar-examples">{examples}</DropdownMenu.Button>
      <DropdownMenu.Content className="examples" align="start" collisionPadding={8}>
        {operations.map((operation) => (
          <DropdownMenu.Item key={operation.name} className="example" onSelect={() => open(operation)}>
            <span>{operation.title[language]}</span>
            <span className="example-role">{roles[operation.role]}</span>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
