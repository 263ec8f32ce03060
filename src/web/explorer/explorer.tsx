// GraphiQL with the bar above it, the ready operations as its first tabs.
import { GraphiQL } from 'graphiql';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { Bar } from './bar.js';
import { send } from './send.js';
import { defaultTabs, tabStorage } from './tab-storage.js';

export function Explorer() {
  const [header, setHeader] = useState<HTMLElement | null>(null);
  return (
    <>
      <header className="bar" ref={setHeader} />
      <main className="workbench">
        <GraphiQL
          fetcher={send}
          storage={tabStorage}
          defaultTabs={defaultTabs}
          defaultEditorToolsVisibility="variables"
          showPersistHeadersSettings={false}
        >
          <GraphiQL.Logo> </GraphiQL.Logo>
          {/* Drawn into the header, yet within GraphiQL, whose tabs and editors the bar works on. */}
          {header && createPortal(<Bar />, header)}
        </GraphiQL>
      </main>
    </>
  );
}
