// Juxinli's list of sources, for users; asked for once.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { listSources } from '../support/operator-operations.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

describe('operatorDataSources', () => {
  it('is refused to everybody but users', async () => {
    expectPublicError(await server.graphql(listSources), 'UNAUTHENTICATED');
    for (const role of ['service', 'auditor', 'admin'] as const) {
      const token = await server.token({ role });
      expectPublicError(await server.graphql(listSources, {}, { token }), 'FORBIDDEN');
    }
    expect(await server.calls({ provider: 'juxinli' })).toHaveLength(0);
  });

  it('lists every source with its dates, whose months the provider counts from 0, in UTC', async () => {
    const token = await server.token({ role: 'user' });
    const { data } = await server.graphql(listSources, {}, { token });
    const shop = data.operatorDataSources.find(({ website }: { website: string }) => website === 'jingdong');
    expect(data.operatorDataSources).toHaveLength(5);
    expect(shop).toEqual({
      __typename: 'OperatorDataSource',
      id: 'df8ba6ec822e4984b3556d2a2cc2d5b8',
      website: 'jingdong',
      name: '京东',
      category: 'e_business',
      categoryName: '电商',
      status: 'ONLINE',
      websiteCode: 4,
      smsRequired: 2,
      resetPasswordMethod: 0,
      resetPasswordFrozenTime: 0,
      captchaUserIdentified: false,
      offlineTimes: 4,
      // Month 6 at 10:49:14 and month 0 at 15:18:16, both in Shanghai.
      createdAt: '2014-07-07T02:49:14.000Z',
      updatedAt: '2017-01-08T07:18:16.000Z',
    });
  });

  it('asks the provider once for all who ask, and leaves no record, since it concerns nobody', async () => {
    const token = await server.token({ role: 'user' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.graphql(listSources, {}, { token })),
    );
    for (const { data } of answers) expect(data.operatorDataSources).toHaveLength(5);
    expect(await server.calls({ provider: 'juxinli' })).toHaveLength(1);
    expect(await auditRecords(server, { provider: 'juxinli' })).toEqual([]);
  });
});
