const hidden = '[secret]';
const secretVariable = /(SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIALS|PRIVATE|_KEY)/;

/** The secrets this process knows, taken out of everything it writes: by value, so that no path to a log line is forgotten. */
export class Secrets {
  private values: string[] = [];

  /** Values shorter than six characters are left out: hiding them would tear holes into every line. */
  add(value: string | undefined): void {
    if (value === undefined || value.length < 6) return;
    const escaped = JSON.stringify(value).slice(1, -1);
    const forms = [value, escaped, encodeURIComponent(value), Buffer.from(value).toString('base64')];
    this.values = [...new Set([...this.values, ...forms])].sort((a, b) => b.length - a.length);
  }

  /** Takes in every variable whose name says that it is a secret, and the passwords of URLs. */
  addEnvironment(environment: NodeJS.ProcessEnv): void {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) continue;
      if (secretVariable.test(name) && name !== 'AWS_ACCESS_KEY_ID') this.add(value);
      const password = /^[a-z]+:\/\/[^/@\s]*:([^/@\s]+)@/.exec(value)?.[1];
      this.add(password);
      this.add(password && decode(password));
    }
  }

  redact(text: string): string {
    return this.values.reduce((line, value) => line.replaceAll(value, hidden), text);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
