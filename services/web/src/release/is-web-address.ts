/** Whether it is safe to be a link: http or https, never a script. */
export function isWebAddress(href: string | undefined): href is string {
  if (href === undefined || !URL.canParse(href)) return false;
  return ['http:', 'https:'].includes(new URL(href).protocol);
}
