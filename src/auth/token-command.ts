// npm run -s token -- --role auditor
import { parseArgs } from 'node:util';
import { roles } from './caller.js';
import { developmentToken } from './development-token.js';

const help = `A development token on standard output.

  npm run -s token -- --role auditor
  npm run -s token -- --role user --sub alice --claim act_for='{"memberId":["U1"]}'

  --role ${roles.join('|')}
  --sub ID         whom the token stands for (default: dev-ROLE)
  --claim k=v      a further claim; v is JSON where it can be read as JSON (repeatable)

Keys come from DATA_DIR/keys (default .data) and are made there if need be. Refuses in production.
`;

async function command(): Promise<number> {
  let wish: { role?: string; sub?: string; claim?: string[]; help?: boolean };
  try {
    wish = parseArgs({
      options: {
        role: { type: 'string' },
        sub: { type: 'string' },
        claim: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (wish.help) {
    console.log(help);
    return 0;
  }
  if (process.env.NODE_ENV === 'production') {
    console.error('Development tokens are not made in production; ask your identity provider for one.');
    return 1;
  }
  const role = roles.find((known) => known === wish.role);
  if (!role) {
    console.error(`--role must be one of ${roles.join(', ')}\n\n${help}`);
    return 2;
  }
  const claims: Record<string, unknown> = {};
  for (const pair of wish.claim ?? []) {
    const [name = '', ...rest] = pair.split('=');
    if (!name || rest.length === 0) {
      console.error(`--claim takes name=value, not ${JSON.stringify(pair)}`);
      return 2;
    }
    claims[name] = jsonOrText(rest.join('='));
  }
  console.log(await developmentToken(process.env.DATA_DIR || '.data', { role, sub: wish.sub, claims }));
  return 0;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

process.exitCode = await command();
