/** The registry with a name for people, one for `docker login`, one that answers, and a place for tokens. */
export const dockerHub = {
  names: ['docker.io', 'index.docker.io', 'registry-1.docker.io'] as readonly string[],
  /** As Docker and its credential helpers know it. */
  login: 'https://index.docker.io/v1/',
  host: 'registry-1.docker.io',
  origin: 'https://registry-1.docker.io',
  tokens: 'https://auth.docker.io',
};
