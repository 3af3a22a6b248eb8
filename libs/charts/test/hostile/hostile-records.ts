import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { chartOf } from '../../src/in-memory-chart-source.js';
import { encodeRelease } from '../../src/release-records.js';
import type { HostileRow } from './hostile-row.js';

const UNREADABLE = 'SHIPIT_RECORD_UNREADABLE';

const stored: [what: string, says: string, record: string | Buffer][] = [
  ['is not packed as Helm does', 'base64', '***'],
  ['is nothing', '', ''],
  ['is a bomb', 'unpacks to more than', gzipSync(Buffer.alloc(100 * 2 ** 20))],
  ['is cut off', 'EOF', gzipSync('{"name": "shop"}').subarray(0, 15)],
  ['is no JSON', '', gzipSync('{')],
  ['nests 200,000 deep', '', gzipSync(`{"config": ${'{"a":'.repeat(200_000)}`)],
  ['is a list', '', gzipSync('[]')],
  ['has no hook where it says one', '', gzipSync('{"name": "shop", "hooks": [null]}')],
];

export const hostileRecords: HostileRow[] = [
  ...stored.map(([what, says, record]): HostileRow => {
    const release = typeof record === 'string' ? record : record.toString('base64');
    return {
      what: `a release record that ${what}`,
      expected: UNREADABLE,
      says,
      run: ({ engine }) => engine.call({ operation: 'decodeRelease', subject: 'Reading it', fields: { release } }),
    };
  }),
  {
    what: 'a chart whose release record is larger than a Secret',
    expected: 'SHIPIT_RECORD_TOO_LARGE',
    says: 'does not fit into a Secret of 1 MiB',
    run: async ({ engine, render }) => {
      const files = { 'noise.txt': randomBytes(2 ** 20).toString('base64') };
      const rendered = await render(files);
      const date = new Date(0);
      return encodeRelease(engine, {
        ...{ namespace: 'prod', name: 'shop', revision: 1, status: 'deployed', description: '', values: [] },
        ...{ chart: await chartOf(files), rendered, firstDeployed: date, lastDeployed: date },
      });
    },
  },
];
