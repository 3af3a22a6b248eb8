const unknownAuthorities = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

/** By code, or by what OpenSSL says where Node has one code for everything. */
const reasons: [sign: RegExp, reason: string][] = [
  [/^CERT_HAS_EXPIRED/, 'its certificate has expired: renew it there, or set the clock here right'],
  [/^CERT_NOT_YET_VALID/, 'its certificate is not valid yet: set the clock here right, or wait'],
  [/^(EPROTO|ERR_SSL).*(wrong version number|packet length)/is, 'it speaks no TLS at this port: correct the address'],
  [/^(EPROTO|ERR_SSL).*certificate required/is, 'it asks for a certificate of the client, and none is ever sent'],
];

interface TlsFailure {
  reason: string;
  /** False where only this process, started anew, would believe the server. */
  isTransient: boolean;
}

/** Why a server is not believed to be who it should be, and what to do about it; undefined for any other error. */
export function tlsFailure(error: unknown): TlsFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', message, reason } = error as NodeJS.ErrnoException & { reason?: string };
  if (unknownAuthorities.includes(code)) {
    const what = `its certificate is of an authority that is not known here (${code})`;
    const remedy = `write the certificate of that authority into a file in PEM and set NODE_EXTRA_CA_CERTS to its name`;
    return { reason: `${what}: ${remedy}, for this process, before it starts`, isTransient: false };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const what = `its certificate is for another host (${reason ?? message})`;
    return { reason: `${what}: use a name that it is for, or have one made for this`, isTransient: true };
  }
  const known = reasons.find(([sign]) => sign.test(`${code} ${message}`));
  return known && { reason: known[1], isTransient: true };
}
