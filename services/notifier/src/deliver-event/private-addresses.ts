import { BlockList, isIP, isIPv4 } from 'node:net';

/** Ranges that are not part of the public internet: IANA's special-purpose registries (RFC 6890 and its updates), multicast and link-local. */
const ranges: Record<'ipv4' | 'ipv6', readonly [string, number][]> = {
  ipv4: [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ],
  // The ranges that carry an IPv4 address inside (mapped, translated, 6to4, Teredo) are refused whole.
  ipv6: [
    ['::', 96],
    ['::ffff:0:0', 96],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['100::', 64],
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['fc00::', 7],
    ['fe80::', 10],
    ['fec0::', 10],
    ['ff00::', 8],
  ],
};

const blocked: Record<'ipv4' | 'ipv6', BlockList> = { ipv4: listOf('ipv4'), ipv6: listOf('ipv6') };

/** Whether an address leads anywhere but to the public internet; true for what is no address. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 0) return true;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  return blocked[family].check(address.split('%')[0] ?? address, family);
}

function listOf(family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, bits] of ranges[family]) list.addSubnet(network, bits, family);
  return list;
}
