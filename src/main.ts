// Reads the environment, starts, and drains on SIGTERM and SIGINT; nothing else.
import { type App, startApp } from './app.js';
import { errorName, StartupError } from './errors.js';

/** A second signal, or this long after the first one, ends it the hard way. */
const DRAIN_MS = 30_000;

async function main(): Promise<void> {
  let app: App;
  try {
    app = await startApp(process.env);
  } catch (error) {
    const faults = error instanceof StartupError ? error.faults : [`a bug: ${errorName(error)}`];
    for (const fault of faults) console.error(`yanzheng cannot start: ${fault}`);
    if (!(error instanceof StartupError) && process.env.LOG_LEVEL === 'debug') console.error(error);
    process.exit(1);
  }
  greet(app);

  let draining = false;
  const end = (signal: NodeJS.Signals) => {
    if (draining) process.exit(1);
    draining = true;
    console.log(`yanzheng: ${signal}, ending what is under way`);
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`yanzheng: shutting down failed: ${errorName(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

function greet({ places, url, production }: App): void {
  const lines = places.map(([what, where]) => `  ${what.padEnd(10)}${where}`);
  console.log(`\n验证 Yanzheng is running${production ? '' : ' (development)'}\n\n${lines.join('\n')}\n`);
  if (production) return;
  console.log(`Try it:

  curl -s ${url}/graphql -H 'content-type: application/json' -d '{"query":"mutation { requestVerificationCode(input: {account: {phone: \\"13800138000\\", purpose: REGISTER}}) { __typename ... on VerificationCodeSent { requestId maskedPhone testCode } } }"}'
`);
}

await main();
