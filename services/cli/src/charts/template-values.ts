import { readFile } from 'node:fs/promises';
import { download, setValue, type ValuesLayer, valuesFile } from '@shipit/charts';
import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import type { TemplateFlags } from './template-flags.js';

const limits = { maxBytes: 10 * 1024 * 1024, timeoutSeconds: 30 };

type ValueFlags = Pick<TemplateFlags, 'values' | 'set' | 'setString' | 'setJson' | 'setFile' | 'setLiteral'>;

/** Puts down the layers that the flags make, in the order in which Helm lays them over each other, whatever theirs was. */
export async function readValues(context: CommandContext, flags: ValueFlags, layers: ValuesLayer[]): Promise<void> {
  for (const file of flags.values) layers.push(valuesFile(file, await readText(context, file)));
  layers.push(...flags.setJson.map((text) => setValue(text, 'setJson')));
  layers.push(...flags.set.map((text) => setValue(text)));
  layers.push(...flags.setString.map((text) => setValue(text, 'setString')));
  for (const assignment of flags.setFile) layers.push(...(await readAssigned(context, assignment)));
  layers.push(...flags.setLiteral.map((text) => setValue(text, 'setLiteral')));
}

/** `key=path`, several of them between commas. */
async function readAssigned(context: CommandContext, text: string): Promise<ValuesLayer[]> {
  const layers: ValuesLayer[] = [];
  if (text === '') return layers;
  for (const part of text.split(/(?<!\\),/)) {
    const at = part.search(/(?<!\\)=/);
    if (at < 0) throw new CliError(`failed parsing --set-file data: key ${JSON.stringify(part)} has no value`);
    const path = part.slice(at + 1).replaceAll(/\\(.)/gs, '$1');
    const content =
      path === ''
        ? ''
        : await readText(context, path).catch((error: Error) => {
            throw new CliError(`failed parsing --set-file data: ${error.message}`);
          });
    layers.push(setValue(`${part.slice(0, at)}=${escaped(content)}`, 'setString'));
  }
  return layers;
}

/** Text as an assignment takes it for itself: neither as several, nor as a list. */
function escaped(content: string): string {
  return content.replace(/[\\,]|^\{/g, '\\$&');
}

async function readText(context: CommandContext, file: string): Promise<string> {
  if (file.trim() === '-') return Buffer.from(await context.readInput()).toString('utf8');
  if (/^https?:\/\//.test(file)) return readAddress(file);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(reasonOf(file, error));
  }
}

/** Without credentials: those at hand are for charts. */
async function readAddress(address: string): Promise<string> {
  if (!URL.canParse(address)) throw new CliError(`${address} is no address`);
  const { body } = await download(new URL(address), limits, { allowPlainHttp: true });
  return Buffer.from(body ?? []).toString('utf8');
}

const reasons: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
};

function reasonOf(file: string, error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'EISDIR' ? `read ${file}: is a directory` : `open ${file}: ${reasons[code] ?? code}`;
}
