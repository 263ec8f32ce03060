// The order of test files: begun last, as the size of their files suggests, these would run on alone.
import TestSequencer from '@jest/test-sequencer';

const longest = [
  'web/console',
  'web/h5',
  'secrets/canary',
  'audit/erasure-cut-off',
  'operator-authentication/killed',
  'audit/verify',
  'audit/chain-keeper',
  'web/explorer',
];

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = longest.findIndex((name) => path.replaceAll('\\', '/').endsWith(`test/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
}
