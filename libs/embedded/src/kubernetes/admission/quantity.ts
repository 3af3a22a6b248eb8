import type { Json, JsonObject } from '../json.js';

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A quantity as the API server stores it: `0.5` is `500m`, `1024Mi` is `1Gi`. What is none stays as it is. */
export function canonicalQuantity(value: Json): Json {
  const match = /^([+-]?\d*\.?\d+)(n|u|m|k|[KMGTPE]i?|[eE][+-]?\d+)?$/.exec(String(value));
  if (!match) return value;
  const [, digits = '', suffix = ''] = match;
  if (suffix.endsWith('i')) return binary(digits, suffix) ?? value;
  const exponent = /^[eE][+-]?\d+$/.test(suffix) ? Number(suffix.slice(1)) : (DECIMAL.indexOf(suffix) - 3) * 3;
  return decimal(digits, exponent);
}

export function canonicalQuantities(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, canonicalQuantity(value)]));
}

function binary(digits: string, suffix: string): string | undefined {
  if (digits.includes('.')) return undefined;
  let amount = BigInt(digits);
  let power = BINARY.indexOf(suffix);
  while (amount !== 0n && amount % 1024n === 0n && power < BINARY.length - 1) {
    amount /= 1024n;
    power += 1;
  }
  return `${amount}${BINARY[power] ?? ''}`;
}

function decimal(digits: string, exponent: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  const nanos = BigInt(`${whole}${fraction}`) * 10n ** BigInt(Math.max(0, 9 + exponent - fraction.length));
  let amount = nanos;
  let power = 0;
  while (amount !== 0n && amount % 1000n === 0n && power < DECIMAL.length - 1) {
    amount /= 1000n;
    power += 1;
  }
  return amount === 0n ? '0' : `${amount}${DECIMAL[power] ?? ''}`;
}
