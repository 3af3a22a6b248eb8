import { type Command, Option } from 'commander';
import { CliError } from '../output/cli-error.js';

const prints = 'leave it out, it changes nothing of what is printed';
const certificates = 'set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority';
const credentials =
  'helm registry login and docker login keep credentials; those of a chart repository stand in ~/.docker/config.json as {"auths": {"HOST/PATH": {"auth": "…"}}}';
const noCluster = 'no cluster is asked';

/** The flags that `helm template` of Helm 4.3 has besides ours, and what to do instead. */
const others: [flags: string, instead: string][] = [
  ['--atomic', prints],
  ['--burst-limit <NUMBER>', prints],
  ['--ca-file <FILE>', certificates],
  ['--cert-file <FILE>', 'servers that ask for a certificate of the client are not supported'],
  ['--color <WHEN>', prints],
  ['--colour <WHEN>', prints],
  ['--content-cache <DIR>', 'charts are kept in XDG_CACHE_HOME'],
  ['--create-namespace', prints],
  ['--debug', 'an error says all that is known'],
  ['--dependency-update', 'run helm dependency build first'],
  ['--description <TEXT>', prints],
  ['--devel', "write --version '>0.0.0-0'"],
  ['--disable-openapi-validation', prints],
  ['--dry-run [MODE]', prints],
  ['--enable-dns', 'getHostByName is always empty'],
  ['--force-conflicts', prints],
  ['--force-replace', prints],
  ['-g, --generate-name', 'leave the name out, or give one'],
  ['--insecure-skip-tls-verify', certificates],
  ['--key-file <FILE>', 'servers that ask for a certificate of the client are not supported'],
  ['--keyring <FILE>', 'signatures are not checked'],
  ['--kube-apiserver <URL>', noCluster],
  ['--kube-as-group <GROUP>', noCluster],
  ['--kube-as-user <USER>', noCluster],
  ['--kube-ca-file <FILE>', noCluster],
  ['--kube-context <NAME>', noCluster],
  ['--kube-insecure-skip-tls-verify', noCluster],
  ['--kube-tls-server-name <NAME>', noCluster],
  ['--kube-token <TOKEN>', noCluster],
  ['--kubeconfig <FILE>', noCluster],
  ['-l, --labels <LIST>', prints],
  ['--name-template <TEMPLATE>', 'give the name itself'],
  ['--output-dir <DIR>', 'write the output to a file, or take --show-only for one template'],
  ['--pass-credentials', 'credentials go only to the address that they are for'],
  ['--password <PASSWORD>', credentials],
  ['--post-renderer <PROGRAM>', 'send the output through the program: shipit template … | PROGRAM'],
  ['--post-renderer-args <ARGUMENT>', 'send the output through the program: shipit template … | PROGRAM'],
  ['--qps <NUMBER>', prints],
  ['--registry-config <FILE>', 'set HELM_REGISTRY_CONFIG'],
  ['--release-name', 'write the output to a file'],
  ['--replace', prints],
  ['--repository-cache <DIR>', 'charts are kept in XDG_CACHE_HOME'],
  ['--repository-config <FILE>', 'repositories have no names here: give the address with --repo'],
  ['--rollback-on-failure', prints],
  ['--server-side', prints],
  ['--skip-crds', prints],
  ['--skip-schema-validation', 'the schema of a chart is always checked, as the deployer does'],
  ['--take-ownership', prints],
  ['--timeout <DURATION>', prints],
  ['--username <USER>', credentials],
  ['--validate', noCluster],
  ['--verify', 'signatures are not checked'],
  ['--wait [STRATEGY]', prints],
  ['--wait-for-jobs', prints],
];

/** Refuses Helm's other flags by name, with what to do instead; and reads words as Helm does: `--flag=false`, `-f=x`. */
export function readAsHelm(command: Command): Command {
  for (const [flags, instead] of others) {
    const option = new Option(flags).hideHelp();
    command.addOption(option).on(`option:${option.name()}`, () => {
      throw new CliError(`there is no ${option.long} here: ${instead}`, 2);
    });
  }
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (words) => parse(settled(words, command.options));
  return command;
}

/** With `--flag` alone for flags whose last word is yes, and `-f x` for `-f=x`. */
function settled(words: readonly string[], options: readonly Option[]): string[] {
  const truths = new Map<string, boolean>();
  const rest: string[] = [];
  let at = 0;
  while (at < words.length && words[at] !== '--') {
    const word = words[at] ?? '';
    const { option, value } = flagOf(word, options);
    if (option && isTruth(option)) truths.set(option.long ?? word, readTruth(option, value));
    else rest.push(...separated(word, option, value));
    at += 1;
    // Whatever it looks like, the next word is the value.
    if (option?.required && value === undefined) rest.push(...words.slice(at, ++at));
  }
  const yes = [...truths].filter(([, isTrue]) => isTrue).map(([name]) => name);
  return [...yes, ...rest, ...words.slice(at)];
}

interface Flag {
  option?: Option | undefined;
  value?: string | undefined;
}

function flagOf(word: string, options: readonly Option[]): Flag {
  const [, name = word, value] = /^(--?[^-=][^=]*)=(.*)$/s.exec(word) ?? [];
  return { option: options.find(({ long, short }) => long === name || short === name), value };
}

function separated(word: string, option?: Option, value?: string): string[] {
  const isShort = option?.short !== undefined && word.startsWith(`${option.short}=`);
  return isShort ? [word.slice(0, 2), value ?? ''] : [word];
}

function isTruth({ required, optional }: Option): boolean {
  return !required && !optional;
}

function readTruth({ long, flags }: Option, value = 'true'): boolean {
  if (/^(1|t|true|T|TRUE|True)$/.test(value)) return true;
  if (/^(0|f|false|F|FALSE|False)$/.test(value)) return false;
  const given = JSON.stringify(value);
  throw new CliError(
    `invalid argument ${given} for "${long ?? flags}" flag: strconv.ParseBool: parsing ${given}: invalid syntax`,
    2,
  );
}
