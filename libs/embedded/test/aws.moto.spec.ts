import { findMoto } from '@shipit/testing';
import { describe } from 'vitest';
import { describeEcr } from '../src/ecr/ecr.contract.js';
import { describeSqs } from '../src/sqs/sqs.contract.js';

const moto = await findMoto();

describe.skipIf(!moto.isThere)(moto.isThere ? 'the peer' : moto.reason, () => {
  if (!moto.isThere) return;
  describeSqs('moto SQS', moto.start, ['accepts any body', 'knows no move tasks']);
  describeEcr('moto ECR', moto.start, ['makes up digests', 'forgets untagged images', 'hands out tokens of long ago']);
});
