import { findMoto } from '@shipit/testing';
import { describe } from 'vitest';
import { describeRegistry } from '../src/registry.contract.js';
import { ecrUnderTest } from './ecr-under-test.js';

const moto = await findMoto();

describe.skipIf(!moto.isThere)(moto.isThere ? 'the peer' : moto.reason, () => {
  if (moto.isThere) describeRegistry('EcrRegistry on moto', async () => ecrUnderTest(await moto.start()));
});
