import { describe, expect, it } from 'vitest';
import { describeGitRepository } from './git-repository.contract.js';
import { InMemoryGitRepository } from './in-memory-git-repository.js';

describeGitRepository('in memory', {
  async open(files) {
    const repository = await InMemoryGitRepository.create(files);
    return {
      repository,
      other: repository.otherClone(),
      push: (changes, how) => repository.push(changes, how),
      close: async () => undefined,
    };
  },
});

describe('InMemoryGitRepository', () => {
  it('plays a reply that is lost after the commit reached the branch', async () => {
    const repository = await InMemoryGitRepository.create({ a: '1' });
    const parent = await repository.fetch();
    repository.failNext('reply-lost');
    const change = {
      parent,
      message: 'm',
      author: { name: 'a', email: 'b' },
      files: new Map([['a', Buffer.from('2')]]),
    };
    await expect(repository.publish(change)).rejects.toMatchObject({ code: 'SHIPIT_GIT_UNREACHABLE' });
    expect(await repository.text('a')).toBe('2');
  });
});
