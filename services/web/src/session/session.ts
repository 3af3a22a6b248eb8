const key = 'shipit.token';

/**
 * The bearer token of this browser. An address that ends in `#token=…` hands one over; it is taken out of the address at once,
 * and the part after # never reaches a server or its log.
 */
export function readToken(): string | undefined {
  const handed = /^#token=(.+)$/.exec(window.location.hash)?.[1];
  if (handed !== undefined) {
    keepToken(decodeURIComponent(handed));
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
  }
  return window.localStorage.getItem(key) ?? undefined;
}

export function keepToken(token: string): void {
  window.localStorage.setItem(key, token);
}

export function forgetToken(): void {
  window.localStorage.removeItem(key);
}
